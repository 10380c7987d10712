/** What a sender's order means for drafts that the log refused in between. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkHistory } from '../../proof/checker.ts';
import { type Happening, Recorder, type Seen } from '../../proof/history.ts';

const ROOM = 'lobby';

const first: Seen = { seq: 1, id: 'id1', user: 'ann', cid: 'a1', text: 'hello' };

function reaction(seq: number, on: boolean): Seen {
  const body = { target: 1, emoji: '👍', on };
  const text = `react ${JSON.stringify(body)}`;
  return { seq, id: `id${seq}`, user: 'bob', cid: `b${seq}`, text, kind: 'react', body };
}

const send = ({ user, cid, text }: Seen): Happening => ({
  ...{ what: 'send', room: ROOM, user, cid, sender: `${user}'s outbox`, text },
});
const ack = ({ user, cid, seq }: Seen): Happening => ({
  ...{ what: 'ack', room: ROOM, user, cid, seq },
});

/** The rules broken by these sends when the log is `entries` and every entry was acknowledged. */
function broken(sends: readonly Seen[], entries: readonly Seen[]): readonly string[] {
  let now = 0;
  const recorder = new Recorder(() => (now += 1));
  for (const happening of [...sends.map(send), ...entries.map(ack)]) recorder.note(happening);
  const log = { room: ROOM, source: 'node 1', epoch: 'e1', floor: 1, head: entries.length };
  recorder.final({ ...log, entries });
  return checkHistory(recorder.history('self-test', 1)).violations.map(({ rule }) => rule);
}

describe('checkOrder', () => {
  const [on, off] = [reaction(2, true), reaction(3, false)];

  it('lets a change whose answer was lost stand where it was sent again', () => {
    assert.deepEqual(broken([first, off, on, off], [first, on, off]), []);
  });

  it('finds a change behind a later one of its sender', () => {
    assert.deepEqual(broken([first, off, on], [first, on, off]), ['fifo']);
  });
});
