import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import {
  checkText,
  isCid,
  isRoomId,
  parseClientOp,
  parseServerOp,
} from '../../../component/protocol/parse.ts';
import { ChatError } from '../../../component/protocol/codes.ts';
import type { ClientOp, ServerOp } from '../../../component/protocol/ops.ts';
import { anyText } from '../../support/any-text.ts';
import { seedOfRun } from '../../support/seed.ts';

const limits = { textMax: 4000 };
const seed = seedOfRun();

/** The code of a refusal, or the op's name. */
function verdict(text: string): string {
  const parsed = parseClientOp(text, limits);
  return 'op' in parsed ? parsed.op.op : parsed.refusal.error.code;
}

const verdictOf = (value: unknown): string => verdict(JSON.stringify(value));

const send = {
  op: 'send',
  room: 'lobby',
  cid: 'cid-of-one',
  kind: 'message',
  body: { text: 'hi' },
};

const roomId = fc.stringMatching(/^[a-z0-9_-]{1,64}$/);
const cid = fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/);
const seq = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const count = fc.nat();
const text = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 50 })
  .filter((one) => checkText(one, limits.textMax) === undefined);
const name = fc.constantFrom('Ada', 'Grace Hopper', '雪', 'Łukasz', '👩‍👩‍👧');
const id = fc.string({ minLength: 1, maxLength: 64 });

const clientOp: fc.Arbitrary<ClientOp> = fc.oneof(
  fc.record(
    { op: fc.constant('hello'), v: fc.constant(1), client: id, token: id, name },
    { requiredKeys: ['op', 'v', 'client'] },
  ),
  fc.record({ op: fc.constant('join'), room: roomId }),
  fc.record({
    op: fc.constant('join'),
    room: roomId,
    cursor: fc.record({ epoch: id, seq: count, id: fc.string({ maxLength: 64 }) }),
  }),
  fc.record({ op: fc.constant('leave'), room: roomId }),
  fc.record({
    op: fc.constant('send'),
    room: roomId,
    cid,
    kind: fc.constant('message'),
    body: fc.record({ text, replyTo: seq }, { requiredKeys: ['text'] }),
  }),
  fc.record({
    op: fc.constant('history'),
    room: roomId,
    before: seq,
    limit: fc.integer({ min: 1, max: 100 }),
    re: count,
  }),
  fc.record({ op: fc.constant('token'), token: id, name }, { requiredKeys: ['op', 'token'] }),
  fc.record({ op: fc.constant('ping'), n: count }),
) as unknown as fc.Arbitrary<ClientOp>;

describe('parseClientOp', () => {
  test('round-trips each valid op, byte for byte where there are bytes', () => {
    fc.assert(
      fc.property(clientOp, (op) => {
        const text = JSON.stringify(op);
        assert.deepEqual(parseClientOp(text, limits), { op: JSON.parse(text) });
      }),
      { seed },
    );
  });

  test('never throws, whatever the text', () => {
    const anything = fc.oneof(
      anyText({ maxLength: 100 }),
      fc.json(),
      fc.jsonValue().map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (given) => {
        const parsed = parseClientOp(given, limits);
        assert.ok('op' in parsed || parsed.refusal.error instanceof ChatError);
      }),
      { seed },
    );
  });

  test('never throws on an op with one field replaced by anything', () => {
    fc.assert(
      fc.property(clientOp, fc.nat(9), fc.jsonValue(), (op, place, value) => {
        const keys = Object.keys(op);
        const changed = { ...op, [keys[place % keys.length]!]: value };
        const parsed = parseClientOp(JSON.stringify(changed), limits);
        if ('refusal' in parsed) assert.ok(parsed.refusal.error.message.length < 200);
      }),
      { seed },
    );
  });

  test('copies by name: what a peer invented travels no further', () => {
    const parsed = parseClientOp(
      JSON.stringify({ ...send, admin: true, body: { text: 'hi', html: '<b>' } }),
      limits,
    );

    assert.deepEqual(parsed, { op: send });
  });

  test('a __proto__ or a constructor is a field like any other, and none of ours', () => {
    const hostile = [
      '{"__proto__":{"op":"ping","n":1}}',
      '{"op":"send","__proto__":{"room":"lobby"},"cid":"cid-of-one","kind":"message"}',
      '{"op":"send","room":"lobby","cid":"cid-of-one","kind":"message","body":{"__proto__":{"text":"x"}}}',
      '{"constructor":{"prototype":{"op":"ping"}}}',
    ];

    for (const one of hostile) assert.match(verdict(one), /^bad_/);
    assert.equal(verdict('{"op":"constructor"}'), 'unknown_op');
    assert.equal(verdict('{"op":"__proto__"}'), 'unknown_op');
    assert.equal(({} as { op?: string }).op, undefined);
  });

  test('nesting deeper than six is refused before JSON.parse sees it', () => {
    const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

    assert.equal(verdict(`{"op":"ping","n":1,"x":${deep(5)}}`), 'ping');
    assert.equal(verdict(`{"op":"ping","n":1,"x":${deep(6)}}`), 'bad_json');
    assert.equal(verdict(deep(100_000)), 'bad_json');
    assert.equal(verdict('['.repeat(1_000_000)), 'bad_json');
    assert.equal(verdict('{"a":'.repeat(100_000)), 'bad_json');
  });

  test('brackets inside strings are no nesting, however they are escaped', () => {
    const body = { text: '[[[[[[[[{{{{"\\[[[[' };

    assert.equal(verdictOf({ ...send, body }), 'send');
  });

  test('what is no object is no op', () => {
    for (const one of ['', '7', 'null', '"op"', '[]', '{', '{"op":"ping","n":1}x', 'undefined']) {
      assert.equal(verdict(one), 'bad_json');
    }
  });

  test('the body of each kind is read field by field', () => {
    const target = 4;
    const bodies: Readonly<Record<string, object>> = {
      edit: { target, text: 'x' },
      delete: { target },
      react: { target, emoji: '👍', on: true },
      pin: { target, on: false },
      notice: { text: 'x' },
    };
    for (const [kind, body] of Object.entries(bodies)) {
      const text = JSON.stringify({ ...send, kind, body: { ...body, more: 1 } });
      assert.deepEqual(parseClientOp(text, { textMax: 9 }), { op: { ...send, kind, body } });
      for (const field of Object.keys(body)) {
        const without = { ...body, [field]: undefined };
        const code = field === 'emoji' ? 'bad_emoji' : 'bad_op';
        assert.equal(verdictOf({ ...send, kind, body: without }), code, `${kind} no ${field}`);
      }
    }
  });

  test('a reaction is one emoji, of any make', () => {
    const isTaken = (emoji: string): boolean =>
      verdictOf({ ...send, kind: 'react', body: { target: 1, emoji, on: true } }) !== 'bad_emoji';

    for (const one of ['👍', '👍🏽', '❤️', '🇧🇷', '1️⃣', '👩‍👩‍👧‍👦', '🏴󠁧󠁢󠁳󠁣󠁴󠁿']) assert.ok(isTaken(one), one);
    for (const other of ['', 'a', '1', '👍👍', ':+1:', '👍 ', '🇧', `👍${'🏽'.repeat(20)}`]) {
      assert.ok(!isTaken(other), other);
    }
  });

  test('each field has its code', () => {
    assert.equal(verdictOf({}), 'bad_op');
    assert.equal(verdictOf({ op: 7 }), 'bad_op');
    assert.equal(verdictOf({ op: 'whisper' }), 'unknown_op');
    assert.equal(verdictOf({ op: 'hello', v: 2 }), 'bad_version');
    assert.equal(verdictOf({ op: 'hello', v: 1, name: '\u202e' }), 'bad_name');
    assert.equal(verdictOf({ op: 'hello', v: 1, token: 'x'.repeat(8193) }), 'bad_op');
    assert.equal(verdictOf({ op: 'token' }), 'bad_op');
    assert.equal(verdictOf({ ...send, room: 'Lobby' }), 'bad_room');
    assert.equal(verdictOf({ ...send, room: 'x'.repeat(65) }), 'bad_room');
    assert.equal(verdictOf({ ...send, room: { $ne: null } }), 'bad_room');
    assert.equal(verdictOf({ ...send, cid: 'short' }), 'bad_cid');
    assert.equal(verdictOf({ ...send, cid: 'a cid with blanks' }), 'bad_cid');
    assert.equal(verdictOf({ ...send, kind: 'poll' }), 'unsupported_kind');
    assert.equal(verdictOf({ ...send, kind: 'EDIT!' }), 'bad_op');
    assert.equal(verdictOf({ ...send, body: null }), 'bad_op');
    assert.equal(verdictOf({ ...send, body: { text: 7 } }), 'bad_op');
    assert.equal(verdictOf({ ...send, body: { text: ' \n ' } }), 'bad_text');
    assert.equal(verdictOf({ ...send, body: { text: 'a\0b' } }), 'bad_text');
    assert.equal(verdictOf({ ...send, body: { text: 'x'.repeat(4001) } }), 'text_too_long');
    assert.equal(verdictOf({ ...send, body: { text: 'x', replyTo: 0 } }), 'bad_op');
    assert.equal(
      verdictOf({ op: 'history', room: 'lobby', before: 1, limit: 101, re: 1 }),
      'bad_op',
    );
    assert.equal(
      verdictOf({ op: 'join', room: 'lobby', cursor: { epoch: 'e', seq: -1, id: '' } }),
      'bad_op',
    );
    for (const n of [-1, 1.5, 2 ** 53, null, '1'])
      assert.equal(verdictOf({ op: 'ping', n }), 'bad_op');
  });

  test('a lone surrogate is refused in a text and in a name, and never passes as another character', () => {
    assert.equal(verdict(JSON.stringify(send).replace('"hi"', '"\\ud83d"')), 'bad_text');
    assert.equal(verdict(JSON.stringify(send).replace('"hi"', '"\\ude00\\ud83d"')), 'bad_text');
    assert.equal(verdict(JSON.stringify(send).replace('"hi"', '"\\ud83d\\ude00"')), 'send');
    assert.equal(verdict('{"op":"hello","v":1,"name":"a\\udc00"}'), 'bad_name');
  });

  test('a refusal says which room, draft and question it is about, where that can be read', () => {
    const refusalOf = (value: unknown) => {
      const parsed = parseClientOp(JSON.stringify(value), limits);
      return 'refusal' in parsed ? parsed.refusal : assert.fail();
    };

    const draft = refusalOf({ ...send, body: { text: '' } });
    assert.deepEqual([draft.room, draft.cid], ['lobby', 'cid-of-one']);
    const page = refusalOf({ op: 'history', room: 'lobby', before: 0, limit: 1, re: 7 });
    assert.deepEqual([page.room, page.re, page.cid], ['lobby', 7, undefined]);
    assert.deepEqual(Object.keys(refusalOf({ op: 'send', room: '!' })), ['error']);
  });

  test('4000 code points fit, however many code units they take', () => {
    assert.equal(checkText('🙂'.repeat(4000), 4000), undefined);
    assert.equal(checkText('🙂'.repeat(4001), 4000)?.code, 'text_too_long');
  });
});

const user = { id: 'u_1', name: 'Ada', role: 'member' };
const entry = {
  seq: 1,
  id: 'e1',
  kind: 'message',
  user,
  at: 1,
  cid: 'cid-of-one',
  body: { text: 'x' },
};
const facts = { room: 'lobby', epoch: 'e', head: 1, headId: 'e1', floor: 1, can: ['join'] };
const serverOps: readonly object[] = [
  { op: 'welcome', v: 1, session: 's', user, now: 1, heartbeatMs: 25_000, limits: {} },
  { op: 'joined', ...facts, messages: [entry] },
  { op: 'joined', ...facts, entries: [entry], more: true },
  { op: 'reset', reason: 'epoch', ...facts, messages: [] },
  { op: 'entries', room: 'lobby', entries: [entry] },
  { op: 'ack', room: 'lobby', cid: 'cid-of-one', seq: 1, at: 1 },
  {
    op: 'nack',
    room: 'lobby',
    cid: 'cid-of-one',
    code: 'x',
    message: '',
    retry: true,
    afterMs: 1.5,
  },
  { op: 'page', re: 1, room: 'lobby', messages: [entry], asOf: 1, floor: 1 },
  { op: 'error', code: 'forbidden', message: 'no' },
  { op: 'bye', code: 'drain', afterMs: 1000 },
  { op: 'pong', n: 1 },
];

describe('parseServerOp', () => {
  const isRefused = (value: object): boolean => {
    try {
      parseServerOp(JSON.stringify(value));
      return false;
    } catch (error) {
      assert.ok(error instanceof ChatError);
      return true;
    }
  };

  test('takes each op as it is', () => {
    for (const op of serverOps) assert.deepEqual(parseServerOp(JSON.stringify(op)), op);
  });

  test('an op of a later version is nothing; a later field is no harm', () => {
    assert.equal(parseServerOp('{"op":"weather","room":"lobby"}'), undefined);
    assert.equal(parseServerOp('{"op":"constructor"}'), undefined);
    assert.equal(parseServerOp('{}'), undefined);
    const op = { ...serverOps[4], later: true } as unknown as ServerOp;
    assert.deepEqual(parseServerOp(JSON.stringify(op)), op);
  });

  test('without a field that the client relies on, it is none that a server says', () => {
    const free = new Set(['op', 'v', 'session', 'reason', 'more', 'retry', 'asOf', 'n', 'code']);
    for (const op of serverOps) {
      for (const field of Object.keys(op)) {
        if (free.has(field) || field === 'afterMs') continue;
        const { [field]: _, ...rest } = op as Record<string, unknown>;
        assert.ok(isRefused(rest), `${JSON.stringify(op)} without ${field}`);
      }
    }
  });

  test('times and numbers that would stop a clock are refused', () => {
    for (const afterMs of [null, 'soon', -1]) {
      assert.ok(isRefused({ op: 'bye', code: 'drain', afterMs }));
      assert.ok(isRefused({ ...serverOps[6], afterMs }));
    }
    assert.ok(isRefused({ ...serverOps[0], heartbeatMs: null }));
    assert.ok(isRefused({ ...serverOps[4], entries: [{ ...entry, seq: -1 }] }));
    assert.ok(isRefused({ ...serverOps[4], entries: [{ ...entry, user: { id: 'u' } }] }));
  });

  test('never throws anything but ChatError, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText({ maxLength: 100 }), fc.json()), (given) => {
        try {
          parseServerOp(given);
        } catch (error) {
          assert.ok(error instanceof ChatError);
        }
      }),
      { seed },
    );
  });

  test('never throws anything but ChatError on an op with one field replaced', () => {
    const op = fc.constantFrom(...serverOps);
    fc.assert(
      fc.property(op, fc.nat(12), fc.jsonValue(), (one, place, value) => {
        const keys = Object.keys(one);
        isRefused({ ...one, [keys[place % keys.length]!]: value });
      }),
      { seed },
    );
  });
});

describe('ids', () => {
  test('a room id is 1–64 of a–z, 0–9, _ and -, and nothing else', () => {
    for (const good of ['a', '0', 'lobby', 'a_b-c', 'x'.repeat(64)]) assert.ok(isRoomId(good));
    for (const bad of ['', 'A', 'a b', 'a/b', 'é', 'a\n', 'x'.repeat(65), 7, null, ['a']]) {
      assert.ok(!isRoomId(bad));
    }
  });

  test('a cid is 8–64 of letters, digits, _ and -', () => {
    for (const good of ['abcdefgh', 'A-_9abcd', 'x'.repeat(64)]) assert.ok(isCid(good));
    for (const bad of ['abcdefg', 'abcdefg:', 'abcdefgh\n', 'x'.repeat(65), 12_345_678]) {
      assert.ok(!isCid(bad));
    }
  });
});
