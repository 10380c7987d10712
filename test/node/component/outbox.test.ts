import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { type Draft, isUnsent } from '../../../component/client/draft.ts';
import {
  ANSWER_MS_MAX,
  emptyOutbox,
  type Outbox,
  type OutboxEffect,
  type OutboxInput,
  stepOutbox,
  TRIES_MAX,
} from '../../../component/client/outbox.ts';
import { dueAt } from '../../../component/client/machine.ts';
import type { Cid, NackOp, RoomId } from '../../../component/protocol/ops.ts';
import { seedOfRun } from '../../support/seed.ts';

const room = 'lobby' as RoomId;
const cidOf = (name: string): Cid => `cid-of-${name}` as Cid;
const draftOf = (name: string): Draft<'message'> => ({
  room,
  cid: cidOf(name),
  kind: 'message',
  body: { text: name },
  at: 1,
});
const textOf = ({ body }: Draft): string => ('text' in body ? body.text : '');
const seenOf = (...names: readonly string[]): OutboxInput => [
  'seen',
  { cids: new Set(names.map(cidOf)), isOther: false },
];
const live: OutboxInput = ['live', undefined];
const gone: OutboxInput = ['gone', undefined];
const add = (name: string): OutboxInput => ['add', draftOf(name)];
const ack = (name: string, seq = 1): OutboxInput => ['ack', { cid: cidOf(name), seq }];

function nack(name: string, code: string, more: Partial<NackOp> = {}): OutboxInput {
  const op = { op: 'nack', room, cid: cidOf(name), code, message: code, retry: false } as const;
  return ['nack', { ...op, ...more }];
}

/** Runs inputs one after another; each may come with a time and how far the log is here. */
class Run {
  outbox: Outbox = emptyOutbox;
  now = 1000;
  last = 0;
  isMoot: (draft: Draft) => boolean = () => false;
  readonly effects: OutboxEffect[] = [];

  do(...inputs: readonly OutboxInput[]): this {
    for (const input of inputs) {
      const moment = { now: this.now, random: 0.5, last: this.last, isMoot: this.isMoot };
      const [next, ...effects] = stepOutbox(this.outbox, input, moment);
      this.outbox = next;
      this.effects.push(...effects);
    }
    return this;
  }

  /** Time passes until the timeout is due, and it comes. */
  wait(): this {
    this.now = dueAt(this.outbox.flight);
    return this.do(['timeout', undefined]);
  }

  get sent(): readonly string[] {
    return this.effects.flatMap((one) => (one === 'rejoin' ? [] : [textOf(one)]));
  }

  get names(): readonly string[] {
    return this.outbox.drafts.map((draft) => {
      const { failure, ack: known } = draft;
      return textOf(draft) + (failure === undefined ? '' : '!') + (known === undefined ? '' : '+');
    });
  }
}

describe('outbox', () => {
  test('holds drafts until the room is live, then sends one at a time', () => {
    const run = new Run().do(add('a'), add('b'));
    assert.deepEqual([run.sent, run.outbox.flight], [[], undefined]);

    run.do(live);
    assert.deepEqual(run.sent, ['a']);
    run.do(ack('a'));
    assert.deepEqual(run.sent, ['a', 'b']);
    run.do(ack('b'));

    assert.deepEqual(run.outbox, { drafts: run.outbox.drafts, isLive: true });
  });

  test('an ack at or below what is here removes the draft; above, it waits for its entry', () => {
    const run = new Run().do(add('a'), add('b'), live);
    run.last = 5;
    run.do(ack('a', 5));
    assert.deepEqual(run.names, ['b']);
    run.do(ack('b', 6));
    assert.deepEqual(run.names, ['b+']);

    run.do(seenOf());
    assert.deepEqual(run.names, ['b+']);
    run.last = 6;
    run.do(seenOf());

    assert.deepEqual(run.names, []);
  });

  test('its own entry removes a draft in any state, and lets the next one go', () => {
    const seen: OutboxInput = seenOf('a');
    assert.deepEqual(new Run().do(add('a'), seen).names, []);

    const run = new Run().do(add('a'), add('b'), live, seen);
    assert.deepEqual([run.names, run.sent], [['b'], ['a', 'b']]);
    const waiting = new Run().do(
      add('a'),
      add('b'),
      live,
      nack('a', 'unavailable', { retry: true }),
    );
    waiting.do(seen);
    assert.deepEqual(waiting.sent, ['a', 'b']);
  });

  test('a lost connection sends the draft in flight again, under the same cid', () => {
    const run = new Run().do(add('a'), add('b'), live, gone, live);

    assert.deepEqual(run.sent, ['a', 'a']);
    assert.equal(run.outbox.drafts.length, 2);
  });

  test('not now: waits and sends again; nothing overtakes it', () => {
    const run = new Run().do(add('a'), add('b'), live, nack('a', 'unavailable', { retry: true }));
    assert.equal(dueAt(run.outbox.flight) - run.now, 375);
    run.do(add('c'), live);
    assert.deepEqual(run.sent, ['a']);

    run.wait();
    assert.deepEqual(run.sent, ['a', 'a']);
    run.do(nack('a', 'unavailable', { retry: true }));
    assert.equal(dueAt(run.outbox.flight) - run.now, 750);
  });

  test('too fast: waits at least as long as it is told, however often', () => {
    const run = new Run().do(add('a'), live);
    for (let i = 0; i < 100; i += 1) {
      run.do(nack('a', 'rate_limited', { retry: true, afterMs: 60_000 }));
      assert.ok(dueAt(run.outbox.flight) - run.now >= 60_000);
      run.wait();
    }

    assert.deepEqual(run.names, ['a']);
  });

  test('gives up after two minutes of "not now", and goes on with the next', () => {
    const run = new Run().do(add('a'), add('b'), live);
    const start = run.now;
    for (let i = 0; run.sent.at(-1) === 'a'; i += 1) {
      assert.ok(i <= TRIES_MAX);
      run.do(nack('a', 'unavailable', { retry: true }));
      if (run.sent.at(-1) === 'a') run.wait();
    }

    assert.ok(run.now - start >= 120_000 && run.now - start < 135_000);
    assert.deepEqual(run.names, ['a!', 'b']);
    assert.equal(run.sent.at(-1), 'b');
  });

  test('the two minutes begin anew with each connection', () => {
    const run = new Run().do(add('a'), live);
    for (let i = 0; i < TRIES_MAX; i += 1) {
      run.do(nack('a', 'unavailable', { retry: true })).wait();
    }
    run.do(gone, live, nack('a', 'unavailable', { retry: true }));

    assert.deepEqual(run.names, ['a']);
  });

  test('no answer at all: sends again', () => {
    const run = new Run().do(add('a'), live);
    assert.equal(dueAt(run.outbox.flight), run.now + ANSWER_MS_MAX);

    run.wait();

    assert.deepEqual(run.sent, ['a', 'a']);
  });

  test('not_joined asks for the room and waits', () => {
    const run = new Run().do(add('a'), live, nack('a', 'not_joined'));

    assert.equal(run.effects.at(-1), 'rejoin');
    assert.equal(dueAt(run.outbox.flight) - run.now, 375);
  });

  test('a refusal is of the one draft; the next goes on', () => {
    const run = new Run().do(add('a'), add('b'), live, nack('a', 'forbidden'));

    assert.deepEqual(
      [run.names, run.sent],
      [
        ['a!', 'b'],
        ['a', 'b'],
      ],
    );
  });

  test('an answer about another draft changes nothing', () => {
    const run = new Run().do(add('a'), add('b'), live, nack('b', 'forbidden'), ack('x'));

    assert.deepEqual([run.names, run.sent], [['a', 'b'], ['a']]);
  });

  test('retry sends a failed draft after the one in flight; discard removes any but an acknowledged one', () => {
    const run = new Run().do(add('a'), add('b'), live, nack('a', 'forbidden'), add('c'));
    run.do(['retry', cidOf('a')], ['retry', cidOf('b')]);
    assert.deepEqual(
      [run.names, run.sent],
      [
        ['a', 'b', 'c'],
        ['a', 'b'],
      ],
    );

    run.do(['discard', cidOf('b')]);
    assert.deepEqual(
      [run.names, run.sent],
      [
        ['a', 'c'],
        ['a', 'b', 'a'],
      ],
    );
    run.do(ack('a', 2));
    run.do(ack('c', 3), ['discard', cidOf('c')]);
    assert.deepEqual(run.names, ['a+', 'c+']);
  });

  test('adopted drafts go before own ones, in their order, known ones not at all', () => {
    const drafts = [draftOf('x'), draftOf('a'), draftOf('y')];
    const run = new Run().do(add('a'), ['adopt', drafts], live);

    assert.deepEqual([run.names, run.sent], [['x', 'y', 'a'], ['x']]);
  });

  test('adopting while one is in flight does not send two', () => {
    const run = new Run().do(add('a'), live, ['adopt', [draftOf('x')]]);
    assert.deepEqual(run.sent, ['a']);

    run.do(ack('a'));
    assert.deepEqual(run.sent, ['a', 'x']);
  });

  test('G4, G6 › whatever happens, one is in flight, and it is the first unsent one', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const more = fc.constantFrom<Partial<NackOp>>(
      {},
      { retry: true },
      { retry: true, afterMs: 50 },
    );
    const input: fc.Arbitrary<OutboxInput> = fc.oneof(
      fc.constantFrom<OutboxInput>(live, gone, ['timeout', undefined]),
      fc.tuple(name, fc.integer({ min: 1, max: 9 })).map(([one, seq]) => ack(one, seq)),
      fc.tuple(name, more).map(([one, rest]) => nack(one, 'any', rest)),
      name.map((one): OutboxInput => ['retry', cidOf(one)]),
      name.map((one): OutboxInput => ['discard', cidOf(one)]),
      name.map((one) => seenOf(one)),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(input, name.map(add)), { maxLength: 80 }), (inputs) => {
        const run = new Run();
        run.last = 4;
        for (const one of inputs) {
          // A cid is minted once: adding a known one would be the caller's bug.
          const known = run.outbox.drafts.map(({ cid }) => cid);
          if (one[0] === 'add' && known.includes(one[1].cid)) continue;
          const effects = run.effects.length;
          run.do(one);
          const { outbox } = run;
          const unsent = outbox.drafts.filter(isUnsent);
          const { flight } = outbox;
          assert.equal(flight !== undefined, outbox.isLive && unsent.length > 0);
          if (flight) assert.ok(unsent.some(({ cid }) => cid === flight.cid));
          const sent = run.effects.slice(effects).filter((effect) => effect !== 'rejoin');
          assert.ok(sent.length <= 1);
          for (const { cid } of sent) assert.equal(cid, flight?.cid);
        }
      }),
      { seed: seedOfRun() },
    );
  });
});
