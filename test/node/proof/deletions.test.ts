/** Histories with deletions in them: texts that are gone rightly, and texts that are not. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkHistory, describeViolations, type Rule } from '../../proof/checker.ts';
import { shown } from '../../proof/fold-rules.ts';
import { type Happening, Recorder, type Seen } from '../../proof/history.ts';

const room = 'lobby';
const reader = 'r1';

const message = (seq: number, text: string): Seen => {
  return { seq, id: `id${seq}`, user: 'ann', cid: `c${seq}`, text };
};
const change = (seq: number, kind: string, body: Record<string, unknown>): Seen => {
  return { ...message(seq, `${kind} ${JSON.stringify(body)}`), kind, body };
};
const edit = (seq: number, text: string): Seen => change(seq, 'edit', { target: 1, text });

/** What was sent, and what is left of it in the store: everything but two texts. */
const sent = [
  message(1, 'first'),
  edit(2, 'second'),
  message(3, 'other'),
  change(4, 'delete', { target: 1 }),
];
const stored = [message(1, ''), edit(2, ''), ...sent.slice(2)];

const page = (head: number, view: readonly Seen[]): readonly Happening[] => [
  { what: 'begin', room, reader, epoch: 'e1', head },
  { what: 'page', room, reader, view },
];
const apply = (entry: Seen): Happening => ({ what: 'apply', room, reader, entry });
const read = (entries: readonly Seen[]): readonly Happening[] => {
  return [...page(0, []), ...entries.map(apply)];
};
const row = (line: Seen, text: string, isDeleted = false): Seen => {
  return { ...line, text, shows: shown({ text, isDeleted, isPinned: false, reactions: [] }) };
};

interface Told {
  /** What lies in the store in the end. */
  readonly entries?: readonly Seen[];
  readonly reading?: readonly Happening[];
  readonly keepsTexts?: true;
}

function judge({ entries = stored, reading = [], keepsTexts }: Told): {
  readonly rules: readonly Rule[];
  readonly words: string;
} {
  let now = 0;
  const recorder = new Recorder(() => (now += 1));
  for (const { user, cid, seq, text } of sent.slice(0, entries.length)) {
    recorder.note({ what: 'send', room, user, cid, sender: user, text });
    recorder.note({ what: 'ack', room, user, cid, seq });
  }
  for (const happening of reading) recorder.note(happening);
  recorder.final({
    ...{ room, source: 'store', epoch: 'e1', floor: 1, head: entries.length, entries },
    ...(keepsTexts === undefined ? {} : { keepsTexts }),
  });
  const { violations } = checkHistory(recorder.history('self-test', 1));
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  return { rules, words: describeViolations(violations) };
}

const right: Readonly<Record<string, Told>> = {
  'a message and its edit without their texts, once it was deleted': {},
  'a reader that took the texts before they went': { reading: read(sent) },
  'a reader that came when they were gone': { reading: read(stored) },
  'a reader that took one of them': { reading: read([...sent.slice(0, 1), ...stored.slice(1)]) },
  'a page from before the deletion': {
    reading: page(3, [row(stored[0]!, 'second'), row(sent[2]!, 'other')]),
  },
  'a page that is without the text before its reader is told why': {
    reading: page(3, [row(stored[0]!, '', true), row(sent[2]!, 'other')]),
  },
  'rows that show the message as deleted': {
    reading: page(4, [row(stored[0]!, '', true), row(sent[2]!, 'other')]),
  },
  'all texts, in a store that takes none out': { entries: sent, keepsTexts: true },
};
const wrong: Readonly<Record<string, readonly [Rule, Told]>> = {
  'a text that is gone though nobody deleted it': [
    'emptied',
    { entries: [...stored.slice(0, 2), message(3, ''), ...stored.slice(3)] },
  ],
  'an edit without its text though its message was not deleted': [
    'emptied',
    { entries: [sent[0]!, ...stored.slice(1, 3)] },
  ],
  'a reader of a text that is gone though nobody deleted it': [
    'emptied',
    { reading: read([...sent.slice(0, 2), message(3, ''), ...sent.slice(3)]) },
  ],
  'a deleted text that is still stored': [
    'unscrubbed',
    { entries: [sent[0]!, ...stored.slice(1)] },
  ],
  'an edit of a deleted message that is still stored': [
    'unscrubbed',
    { entries: [stored[0]!, ...sent.slice(1)] },
  ],
  'an edit that went to another message with its text': [
    'altered',
    {
      entries: [
        stored[0]!,
        { ...edit(2, ''), text: 'edit {"target":3,"text":""}' },
        ...sent.slice(2),
      ],
    },
  ],
  'a reader of a text that nobody sent, in place of the deleted one': [
    'disagree',
    { reading: read([message(1, 'else'), ...sent.slice(1)]) },
  ],
  'a page that still shows a deleted text': [
    'view',
    { reading: page(4, [row(stored[0]!, 'second'), row(sent[2]!, 'other')]) },
  ],
  'a page without a text that was not deleted': [
    'view',
    { reading: page(3, [row(stored[0]!, 'second'), row(sent[2]!, '', true)]) },
  ],
};
describe('checkHistory › deletions', () => {
  for (const [name, told] of Object.entries(right)) {
    it(`accepts ${name}`, () => {
      assert.equal(judge(told).words, '');
    });
  }

  for (const [name, [rule, told]] of Object.entries(wrong)) {
    it(`finds ${name}`, () => {
      const { rules, words } = judge(told);

      assert.deepEqual(rules, [rule], words);
    });
  }
});
