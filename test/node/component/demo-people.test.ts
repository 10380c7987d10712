import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type Attendance, DemoPeople } from '../../../component/demo/demo-people.ts';
import { PRESENCE_USERS_MAX, TYPING_USERS_MAX } from '../../../component/protocol/limits.ts';
import type { RoomId } from '../../../component/protocol/ops.ts';
import { sampleUser } from '../../support/log-samples.ts';

const lobby = 'lobby' as RoomId;

const here = (name: string, isTyping = false, room = lobby): Attendance => ({
  room,
  user: sampleUser(name),
  isTyping,
});

/** Who is there, and who writes. */
function read(people: DemoPeople, own: readonly Attendance[] = []): unknown {
  const [presence, typing] = people.of(lobby, own);
  const names = (users: readonly { readonly name: string }[]): string =>
    users.map(({ name }) => name).join(' ');
  return [names(presence.op === 'presence' ? (presence.users ?? []) : []), names(typing.users)];
}

describe('demo people', () => {
  it('are those of all tabs, each once', () => {
    const people = new DemoPeople();
    people.hear('one', [here('ada'), here('bob', true), here('eve', false, 'else' as RoomId)]);
    people.hear('two', [here('bob'), here('carl', true)]);

    assert.deepEqual(read(people, [here('ada', true)]), ['ada bob carl', 'ada bob carl']);
  });

  it('are what a tab told last', () => {
    const people = new DemoPeople();
    people.hear('one', [here('ada', true)]);
    people.hear('one', [here('bob')]);
    assert.deepEqual(read(people), ['bob', '']);

    people.hear('one', []);
    assert.deepEqual(read(people), ['', '']);
  });

  it('of a tab that did not answer are gone with the next question', () => {
    const people = new DemoPeople();
    people.hear('one', [here('ada')]);
    people.hear('two', [here('bob')]);

    people.ask();
    people.hear('one', [here('ada')]);
    assert.deepEqual(read(people), ['ada bob', '']);
    people.ask();

    assert.deepEqual(read(people), ['ada', '']);
  });

  it('are counted, and not named, in a crowd', () => {
    const people = new DemoPeople();
    const crowd = Array.from({ length: PRESENCE_USERS_MAX + 1 }, (_, i) => here(`${i}`, true));

    const [presence, typing] = people.of(lobby, crowd);

    assert.deepEqual(presence, { op: 'presence', room: lobby, count: PRESENCE_USERS_MAX + 1 });
    assert.equal(typing.users.length, TYPING_USERS_MAX);
    assert.equal(typing.more, PRESENCE_USERS_MAX + 1 - TYPING_USERS_MAX);
  });
});
