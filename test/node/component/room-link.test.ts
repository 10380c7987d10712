import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type LinkSettings, RoomLink } from '../../../component/element/room-link.ts';
import { FakeClient, userOf } from '../../support/fake-room.ts';

const NOBODY = { changed: () => undefined, heard: () => undefined };

function settings(client: FakeClient | undefined, rest: Partial<LinkSettings> = {}): LinkSettings {
  return {
    server: 'http://127.0.0.1:9',
    room: 'lobby',
    name: '',
    token: '',
    getToken: undefined,
    client: client?.asClient,
    ...rest,
  };
}

describe('RoomLink', () => {
  it('joins once, however often it is told the same', () => {
    const client = new FakeClient();
    const link = new RoomLink(NOBODY);

    link.open(settings(client));
    link.open(settings(client));

    assert.equal(client.room('lobby').joins, 1);
  });

  it('hears changes and messages of its room, and of no other after it moved on', () => {
    const client = new FakeClient();
    const heard: string[] = [];
    const link = new RoomLink({
      changed: () => heard.push('changed'),
      heard: ({ body }) => heard.push(body.text),
    });
    link.open(settings(client));
    client.room('lobby').receive(userOf('Grace'), 'one');

    link.open(settings(client, { room: 'attic' }));
    client.room('lobby').receive(userOf('Grace'), 'two');

    assert.deepEqual(heard, ['changed', 'one']);
    assert.deepEqual([client.room('lobby').holders, client.room('attic').holders], [0, 1]);
  });

  it('lets go when it is closed, and takes up again what it is told', () => {
    const client = new FakeClient();
    const link = new RoomLink(NOBODY);
    link.open(settings(client));

    link.close();
    link.close();
    const away = client.room('lobby').holders;
    link.open(settings(client));

    assert.deepEqual([away, client.room('lobby').holders], [0, 1]);
  });

  it('gives the client a fresh token without joining anew', () => {
    const client = new FakeClient();
    const link = new RoomLink(NOBODY);
    link.open(settings(client, { token: 'first' }));

    link.open(settings(client, { token: 'second' }));

    assert.deepEqual(client.tokens, ['second']);
    assert.equal(client.room('lobby').joins, 1);
  });

  it('shares one client between links of one server and user', () => {
    const [one, two] = [new RoomLink(NOBODY), new RoomLink(NOBODY)];

    one.open(settings(undefined));
    two.open(settings(undefined, { room: 'attic' }));
    const isShared = one.client !== undefined && one.client === two.client;
    one.client?.close();
    one.close();
    two.close();

    assert.equal(isShared, true);
  });

  it('keeps its client when the page gives another function of the same kind', () => {
    const link = new RoomLink(NOBODY);
    link.open(settings(undefined, { getToken: async () => 'a' }));
    const { client } = link;

    link.open(settings(undefined, { getToken: async () => 'b' }));
    const isKept = link.client === client;
    client?.close();
    link.close();

    assert.equal(isKept, true);
  });

  it('says what is missing or wrong', () => {
    const link = new RoomLink(NOBODY);
    const codes: (string | undefined)[] = [];

    for (const rest of [{ room: '' }, { server: 'https://' }, { room: 'No Room' }]) {
      link.open(settings(undefined, rest));
      codes.push(link.fault?.code);
      link.client?.close();
      link.close();
    }

    assert.deepEqual(codes, ['no_room', 'bad_server', 'bad_room']);
  });
});
