/** The checker itself is checked: each bad history fails, and for its own reason. */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { checkHistory, describeViolations, type Rule, rules } from '../../proof/checker.ts';
import {
  type FinalLog,
  type Happening,
  type History,
  loadHistory,
  Recorder,
  saveHistory,
  type Seen,
} from '../../proof/history.ts';

const ROOM = 'lobby';

/** The entry that draft `cid` of `user` becomes at `seq`. */
function entry(seq: number, user: string, cid: string, text = `text of ${cid}`): Seen {
  return { seq, id: `id${seq}`, user, cid, text };
}

const send = (user: string, cid: string, text = `text of ${cid}`): Happening => ({
  ...{ what: 'send', room: ROOM, user, cid, sender: `${user}'s outbox`, text },
});
const ack = (user: string, cid: string, seq: number): Happening => ({
  ...{ what: 'ack', room: ROOM, user, cid, seq },
});
const nack = (user: string, cid: string, maybe: boolean): Happening => ({
  ...{ what: 'nack', room: ROOM, user, cid, code: 'unavailable', maybe },
});
const begin = (reader: string, head: number, epoch = 'e1'): Happening => ({
  ...{ what: 'begin', room: ROOM, reader, epoch, head },
});
const resume = (reader: string, head: number, epoch = 'e1'): Happening => ({
  ...{ what: 'resume', room: ROOM, reader, epoch, head },
});
const reset = (reader: string, head: number, reason: string, epoch = 'e1'): Happening => ({
  ...{ what: 'reset', room: ROOM, reader, epoch, head, reason },
});
const apply = (reader: string, seen: Seen): Happening => ({
  ...{ what: 'apply', room: ROOM, reader, entry: seen },
});
const rest = (reader: string, view: readonly Seen[]): Happening => ({
  ...{ what: 'rest', room: ROOM, reader, view },
});
const fault = (kind: string, renews: readonly string[] = []): Happening => ({
  ...{ what: 'fault', kind, renews },
});

function log(entries: readonly Seen[], given: Partial<FinalLog> = {}): FinalLog {
  const head = entries.at(-1)?.seq ?? 0;
  return { room: ROOM, source: 'node 1', epoch: 'e1', floor: 1, head, entries, ...given };
}

function history(happenings: readonly Happening[], finals: readonly FinalLog[]): History {
  let now = 0;
  const recorder = new Recorder(() => (now += 1));
  for (const happening of happenings) recorder.note(happening);
  for (const final of finals) recorder.final(final);
  return recorder.history('self-test', 1);
}

const a = entry(1, 'ann', 'a1');
const b = entry(2, 'bob', 'b1');
const c = entry(3, 'ann', 'a2');

/** Two senders, a reader that is away for a while, a lost ack and a certain refusal: all well. */
const good: readonly Happening[] = [
  begin('r1', 0),
  begin('r2', 0),
  send('ann', 'a1'),
  send('ann', 'a1'),
  apply('r1', a),
  apply('r2', a),
  ack('ann', 'a1', 1),
  fault('server crash'),
  send('bob', 'b1'),
  nack('bob', 'b1', true),
  send('bob', 'b1'),
  ack('bob', 'b1', 2),
  send('bob', 'b2'),
  nack('bob', 'b2', false),
  apply('r1', b),
  send('ann', 'a2'),
  ack('ann', 'a2', 3),
  apply('r1', c),
  resume('r2', 3),
  apply('r2', b),
  apply('r2', c),
  begin('r3', 3),
  apply('r3', b),
  apply('r3', c),
  rest('r1', [a, b, c]),
  rest('r2', [a, b, c]),
  rest('r3', [b, c]),
];

const without = (...dropped: readonly Happening[]): readonly Happening[] =>
  good.filter((happening) => !dropped.some((other) => sameHappening(happening, other)));

const sameHappening = (one: Happening, other: Happening): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

const replace = (from: Happening, ...to: readonly Happening[]): readonly Happening[] =>
  good.flatMap((happening) => (sameHappening(happening, from) ? to : [happening]));

/** The sends and acks of a log that nobody reads. */
const written = (entries: readonly Seen[]): readonly Happening[] =>
  entries.flatMap(({ user, cid, seq }) => [send(user, cid), ack(user, cid, seq)]);

interface Bad {
  readonly name: string;
  readonly rule: Rule;
  readonly happenings: readonly Happening[];
  readonly finals: readonly FinalLog[];
}

const long = Array.from({ length: 1100 }, (_, i) => entry(i + 1, 'ann', `long${i + 1}`));

const bad: readonly Bad[] = [
  {
    name: 'an acknowledged entry that is gone',
    rule: 'lost',
    happenings: written([a, b]),
    finals: [log([a])],
  },
  {
    name: 'an acknowledged entry at another seq',
    rule: 'moved',
    happenings: [send('ann', 'a1'), send('bob', 'b1'), ack('ann', 'a1', 2), ack('bob', 'b1', 2)],
    finals: [log([a, b])],
  },
  {
    name: 'a text that changed on the way',
    rule: 'altered',
    happenings: written([a]),
    finals: [log([{ ...a, text: 'something else' }])],
  },
  {
    name: 'another body under an old cid that took the place of the first',
    rule: 'altered',
    happenings: [...written([a]), send('ann', 'a1', 'other'), nack('ann', 'a1', false)],
    finals: [log([{ ...a, text: 'other' }])],
  },
  {
    name: 'a hole in the log',
    rule: 'hole',
    happenings: written([a, c]),
    finals: [log([a, c])],
  },
  {
    name: 'a head beyond the last entry',
    rule: 'hole',
    happenings: written([a]),
    finals: [log([a], { head: 2 })],
  },
  {
    name: 'a draft stored twice after a resend',
    rule: 'doubled',
    happenings: [send('ann', 'a1'), send('ann', 'a1'), ack('ann', 'a1', 1)],
    finals: [log([a, { ...a, seq: 2, id: 'id2' }])],
  },
  {
    name: 'a maybe that was stored twice',
    rule: 'doubled',
    happenings: [send('ann', 'a1'), nack('ann', 'a1', true), ack('ann', 'a1', 1)],
    finals: [log([a, { ...a, seq: 2, id: 'id2' }])],
  },
  {
    name: 'a refused draft that was stored all the same',
    rule: 'refused',
    happenings: [send('ann', 'a1'), nack('ann', 'a1', false)],
    finals: [log([a])],
  },
  {
    name: 'an entry that nobody sent',
    rule: 'foreign',
    happenings: written([a]),
    finals: [log([a, b])],
  },
  {
    name: 'a draft without an answer',
    rule: 'unanswered',
    happenings: [send('ann', 'a1')],
    finals: [log([a])],
  },
  {
    name: 'a draft whose fate stays unknown',
    rule: 'unanswered',
    happenings: [send('ann', 'a1'), nack('ann', 'a1', true)],
    finals: [log([a])],
  },
  {
    name: 'a promise of an interface that the run saw broken',
    rule: 'breach',
    happenings: [...written([a]), { what: 'breach', room: ROOM, words: 'acked before released' }],
    finals: [log([a])],
  },
  {
    name: 'two nodes with two logs',
    rule: 'disagree',
    happenings: written([a, b]),
    finals: [log([a, b]), log([a, { ...b, id: 'other' }], { source: 'node 2' })],
  },
  {
    name: 'a node that ends early',
    rule: 'disagree',
    happenings: written([a, b]),
    finals: [log([a, b]), log([a], { source: 'node 2' })],
  },
  {
    name: 'a reader that was shown an entry the log does not hold',
    rule: 'disagree',
    happenings: [...written([a]), begin('r1', 0), apply('r1', { ...a, id: 'rolled back' })],
    finals: [log([a])],
  },
  {
    name: 'a reader that skips an entry in silence',
    rule: 'gap',
    happenings: without(apply('r1', b)),
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader that misses the first entry of an empty room',
    rule: 'gap',
    happenings: without(apply('r1', a)),
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader that is shown an entry again after a resume',
    rule: 'repeat',
    happenings: replace(resume('r2', 3), resume('r2', 3), apply('r2', a)),
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader reset as ahead of a head that it was not ahead of',
    rule: 'false-reset',
    happenings: replace(resume('r2', 3), reset('r2', 3, 'ahead_of_head')),
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader reset as too far behind when it was one entry behind',
    rule: 'false-reset',
    happenings: replace(resume('r2', 3), reset('r2', 3, 'too_far_behind')),
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader that never hears of the last entry',
    rule: 'behind',
    happenings: [...without(apply('r1', c), rest('r1', [a, b, c])), rest('r1', [a, b])],
    finals: [log([a, b, c])],
  },
  {
    name: 'a reader that shows a row twice',
    rule: 'view',
    happenings: replace(rest('r1', [a, b, c]), rest('r1', [a, b, b, c])),
    finals: [log([a, b, c])],
  },
  {
    name: 'an entry sent after an ack that stands before it',
    rule: 'real-time',
    happenings: [send('ann', 'a1'), ack('ann', 'a1', 2), send('bob', 'b1'), ack('bob', 'b1', 1)],
    finals: [log([entry(1, 'bob', 'b1'), entry(2, 'ann', 'a1')])],
  },
  {
    name: 'two entries of one sender the wrong way round',
    rule: 'fifo',
    happenings: [send('ann', 'a1'), send('ann', 'a2'), ack('ann', 'a2', 1), ack('ann', 'a1', 2)],
    finals: [log([entry(1, 'ann', 'a2'), entry(2, 'ann', 'a1')])],
  },
  {
    name: 'an epoch that changes by itself',
    rule: 'epoch',
    happenings: [...written([a]), begin('r1', 1, 'e2'), apply('r1', a)],
    finals: [log([a])],
  },
  {
    name: 'two sources with two epochs',
    rule: 'epoch',
    happenings: written([a]),
    finals: [log([a]), log([a], { source: 'node 2', epoch: 'e2' })],
  },
];

describe('checkHistory', () => {
  it('finds nothing in a good history', () => {
    const { violations, figures } = checkHistory(history(good, [log([a, b, c])]));

    assert.equal(describeViolations(violations), '');
    assert.equal(figures.acked, 3);
    assert.equal(figures.readers, 3);
  });

  for (const { name, rule, happenings, finals } of bad) {
    it(`finds ${name}, and why`, () => {
      const { violations } = checkHistory(history(happenings, finals));

      assert.ok(violations.length > 0, 'found nothing');
      assert.deepEqual([...new Set(violations.map((v) => v.rule))], [rule]);
    });
  }

  it('finds a clock that goes back', () => {
    const told = history(written([a]), [log([a])]);
    const observations = told.observations.map((seen, i) => ({ ...seen, at: 10 - i }));

    const { violations } = checkHistory({ ...told, observations });

    assert.deepEqual([...new Set(violations.map((v) => v.rule))], ['clock']);
  });

  it('has a bad history for each of its rules', () => {
    // Those that need more than this have files of their own: fold-rules, deletions.
    const elsewhere = ['invalid', 'emptied', 'unscrubbed'];
    const covered = new Set<string>([...bad.map(({ rule }) => rule), 'clock', ...elsewhere]);

    assert.deepEqual(
      Object.keys(rules).filter((rule) => !covered.has(rule)),
      [],
    );
  });

  it('accepts a reset where the reader is more than 1000 behind', () => {
    const reading = [begin('r1', 0), ...written(long), apply('r1', long[0]!)];
    const back = [
      reset('r1', 1100, 'too_far_behind'),
      ...long.slice(-50).map((e) => apply('r1', e)),
    ];

    const { violations } = checkHistory(history([...reading, ...back], [log(long)]));

    assert.equal(describeViolations(violations), '');
  });

  it('accepts another epoch and other entries where a fault replaced the log', () => {
    const happenings = [
      ...written([a, b]),
      begin('r1', 2),
      apply('r1', b),
      fault('store restored from a backup', [ROOM]),
      reset('r1', 1, 'epoch', 'e2'),
      apply('r1', a),
    ];

    const { violations } = checkHistory(history(happenings, [log([a], { epoch: 'e2' })]));

    assert.equal(describeViolations(violations), '');
  });

  it('lets a draft that was nacked and sent again stand at its new place', () => {
    const happenings = [
      send('ann', 'a1'),
      send('ann', 'a2'),
      nack('ann', 'a1', false),
      ack('ann', 'a2', 1),
      send('ann', 'a1'),
      ack('ann', 'a1', 2),
    ];
    const entries = [entry(1, 'ann', 'a2'), entry(2, 'ann', 'a1')];

    const { violations } = checkHistory(history(happenings, [log(entries)]));

    assert.equal(describeViolations(violations), '');
  });

  it('takes time that grows with the history and no faster', () => {
    const msFor = (count: number): number => {
      const entries = Array.from({ length: count }, (_, i) => entry(i + 1, 'ann', `c${i + 1}`));
      const told = history([begin('r1', 0), ...entries.flatMap(lifeOf)], [log(entries)]);
      const started = performance.now();
      assert.equal(checkHistory(told).violations.length, 0);
      return performance.now() - started;
    };
    const lifeOf = (seen: Seen): readonly Happening[] => [...written([seen]), apply('r1', seen)];
    const bestOf3 = (count: number): number => Math.min(...[1, 2, 3].map(() => msFor(count)));

    const small = bestOf3(5000);
    const large = bestOf3(50_000);

    // A square law would be 100 times; noise and a colder cache are allowed a lot.
    assert.ok(large < small * 40, `${small} ms for 5 000 drafts, ${large} ms for 50 000`);
  });
});

describe('saveHistory', () => {
  it('writes what loadHistory reads', async (t) => {
    const dir = await mkdtemp(join(tmpdir(), 'mini-chat-history-'));
    t.after(() => rm(dir, { recursive: true }));
    const told = history(good, [log([a, b, c])]);

    await saveHistory(join(dir, 'deep', 'run.json'), told);

    assert.deepEqual(await loadHistory(join(dir, 'deep', 'run.json')), told);
  });
});
