/** Histories with changes in them: what is invalid, and what is shown otherwise than it is. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkHistory, describeViolations, type Rule } from '../../proof/checker.ts';
import { shown } from '../../proof/fold-rules.ts';
import { type FinalLog, type Happening, Recorder, type Seen } from '../../proof/history.ts';

const room = 'lobby';
const reader = 'r1';

function entry(seq: number, user: string, kind?: string, body?: Record<string, unknown>): Seen {
  const seen = { seq, id: `id${seq}`, user, cid: `c${seq}`, text: `text ${seq}` };
  return kind === undefined ? seen : { ...seen, kind, body: body ?? {} };
}

const react = (seq: number, user: string, on: boolean): Seen =>
  entry(seq, user, 'react', { target: 1, emoji: '👍', on });
const edit = (seq: number, user: string, text: string): Seen =>
  entry(seq, user, 'edit', { target: 1, text });
const pin = (seq: number, on: boolean): Seen => entry(seq, 'bob', 'pin', { target: 1, on });
const remove = (seq: number, user = 'ann'): Seen => entry(seq, user, 'delete', { target: 1 });
const first = entry(1, 'ann');
/** As it lies in the store once a deletion took its text. */
const gone: Seen = { ...first, text: '' };

const row = (line: Seen, now: Partial<Parameters<typeof shown>[0]> = {}): Seen => ({
  ...line,
  shows: shown({ text: line.text, isDeleted: false, isPinned: false, reactions: [], ...now }),
});

/** What the checker says of a log that was sent and acknowledged, and of one reader's rows. */
function judge(
  entries: readonly Seen[],
  reading: readonly Happening[] = [],
): { readonly rules: readonly Rule[]; readonly words: string } {
  let now = 0;
  const recorder = new Recorder(() => (now += 1));
  for (const { user, cid, seq, text: stored } of entries) {
    const text = stored === '' ? `text ${seq}` : stored;
    recorder.note({ what: 'send', room, user, cid, sender: user, text });
    recorder.note({ what: 'ack', room, user, cid, seq });
  }
  for (const happening of reading) recorder.note(happening);
  const log: FinalLog = {
    ...{ room, source: 'store', epoch: 'e1', floor: 1, head: entries.length },
    entries,
  };
  recorder.final(log);
  const { violations } = checkHistory(recorder.history('self-test', 1));
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  return { rules, words: describeViolations(violations) };
}

const page = (head: number, view: readonly Seen[]): readonly Happening[] => [
  { what: 'begin', room, reader, epoch: 'e1', head },
  { what: 'page', room, reader, view },
];
const apply = (seen: Seen): Happening => ({ what: 'apply', room, reader, entry: seen });
const rest = (view: readonly Seen[]): Happening => ({ what: 'rest', room, reader, view });

const talk = [first, edit(2, 'ann', 'new'), react(3, 'bob', true), pin(4, true), entry(5, 'bob')];
const now = row(first, { text: 'new', isPinned: true, reactions: [['👍', 1]] });

describe('checkHistory › changes', () => {
  it('accepts what is valid, and shown as it is, on a page and after it', () => {
    const early = row(first, { text: 'new' });
    const reading = [...page(2, [early]), ...talk.slice(2).map(apply)];

    const { words } = judge(talk, [...reading, rest([now, row(talk[4]!)])]);

    assert.equal(words, '');
  });

  const invalid: Readonly<Record<string, readonly Seen[]>> = {
    'an edit by somebody else': [first, edit(2, 'bob', 'x')],
    'an edit that changes nothing': [first, edit(2, 'ann', first.text)],
    'a deletion by somebody else': [gone, remove(2, 'bob')],
    'a second deletion': [gone, remove(2), remove(3)],
    'a reaction to what was deleted': [gone, remove(2), react(3, 'bob', true)],
    'a reaction to nothing': [entry(1, 'ann', 'notice'), entry(2, 'ann', 'pin', { target: 9 })],
    'a pin of a notice': [entry(1, 'ann', 'notice'), pin(2, true)],
    'a reaction that was there': [first, react(2, 'bob', true), react(3, 'bob', true)],
    'the end of a reaction that was not': [first, react(2, 'bob', true), react(3, 'ann', false)],
    'a second pin': [first, pin(2, true), pin(3, true)],
    'a kind that nobody knows': [first, entry(2, 'ann', 'poll', { target: 1 })],
  };
  for (const [name, entries] of Object.entries(invalid)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(judge(entries).rules, ['invalid']);
    });
  }

  const wrong: Readonly<Record<string, readonly Happening[]>> = {
    'a page that does not know an edit': page(2, [row(first)]),
    'a page that knows more than its head': page(2, [now]),
    'a page with a row too few': page(5, [now]),
    'a page that leaves out the newest': page(5, [row(talk[4]!)])
      .slice(0, 1)
      .concat(page(5, [now])),
    'a page that shows nothing': page(5, []),
    'rows that miss a change': [
      ...page(2, [row(first, { text: 'new' })]),
      ...talk.slice(2).map(apply),
      rest([row(first, { text: 'new', isPinned: true }), row(talk[4]!)]),
    ],
  };
  for (const [name, reading] of Object.entries(wrong)) {
    it(`finds ${name}`, () => {
      assert.deepEqual(judge(talk, reading).rules, ['view']);
    });
  }
});
