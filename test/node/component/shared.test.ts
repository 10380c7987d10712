import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { LINGER_MS, sharedClient, type SharedClient } from '../../../component/client/shared.ts';
import type { ClientOptions } from '../../../component/client/client.ts';
import { Chat } from '../../support/chat.ts';

/** Each test has its own server name, since the registry is the page's. */
function sharing(server: string) {
  const chat = new Chat();
  const environment = chat.environment();
  const share = (options: Partial<ClientOptions> = {}): SharedClient => {
    return sharedClient({ server: `http://${server}`, storage: null, environment, ...options });
  };
  return { chat, share };
}

describe('sharedClient', () => {
  test('is one client per server and identity', async () => {
    const { chat, share } = sharing('one');
    const getToken = async (): Promise<string> => 'token';
    const guest = share();
    const ada = share({ token: 'host.ada' });
    const held = [guest, ada, share({ token: 'host.bob' }), share({ getToken })];
    const again = [share(), share({ token: 'host.ada' }), share({ getToken })];

    assert.equal(new Set(held.map(({ client }) => client)).size, 4);
    assert.deepEqual(
      again.map(({ client }) => held.findIndex((one) => one.client === client)),
      [0, 1, 3],
    );
    for (const { release } of [...held, ...again]) release();
    await chat.clock.advance(LINGER_MS);
    assert.equal(chat.clock.timers, 0);
  });

  test('whoever comes back finds the user of the token it gives', async () => {
    const { chat, share } = sharing('two');
    const one = share({ token: 'host.ada' });
    one.client.room('lobby').join();
    one.client.setToken('host.bob');
    await chat.clock.settle();
    assert.equal(one.client.user!.id, 'u_bob');

    const two = share({ token: 'host.ada' });
    await chat.clock.settle();

    assert.equal(one.client, two.client);
    assert.equal(two.client.user!.id, 'u_ada');
    for (const { release } of [one, two]) release();
    await chat.clock.advance(LINGER_MS);
  });

  test('lives 10 s after the last one let go, so that moving an element costs nothing', async () => {
    const { chat, share } = sharing('three');
    const one = share();
    const two = share();
    one.client.room('lobby').join();
    await chat.clock.settle();
    one.release();
    one.release();
    await chat.clock.advance(LINGER_MS * 2);
    assert.equal(chat.server.live.length, 1, 'two still holds it');

    two.release();
    await chat.clock.advance(LINGER_MS - 1);
    const three = share();
    await chat.clock.advance(LINGER_MS);
    assert.equal(three.client, one.client);
    assert.equal(chat.server.sessions.length, 1);
    assert.equal(chat.server.live.length, 1);
    three.release();
    await chat.clock.advance(LINGER_MS);

    assert.equal(chat.server.live.length, 0);
    assert.equal(chat.clock.timers, 0);
    assert.notEqual(share().client, one.client);
  });

  test('a function that was made anew goes on with the client of the one before', async () => {
    const { chat, share } = sharing('four');
    const one = share({ getToken: async () => 'host.ada.1' });
    one.client.room('lobby').join();
    await chat.clock.settle();
    const beside = share({ getToken: async () => 'host.bob.1' });
    assert.notEqual(beside.client, one.client, 'somebody still holds that one');
    beside.release();
    one.release();

    const two = share({ getToken: async () => 'host.ada.2' });
    await chat.clock.settle();

    assert.equal(two.client, one.client);
    assert.equal(two.client.user!.id, 'u_ada');
    assert.equal(chat.server.sessions.length, 1);
    two.release();
    await chat.clock.advance(LINGER_MS);
  });

  test('a function that speaks for another user greets anew', async () => {
    const { chat, share } = sharing('five');
    const one = share({ getToken: async () => 'host.ada.1' });
    one.client.room('lobby').join();
    await chat.clock.settle();
    one.release();

    const two = share({ getToken: async () => 'host.bob.1' });
    await chat.clock.settle();

    assert.equal(two.client.user!.id, 'u_bob');
    two.release();
    await chat.clock.advance(LINGER_MS);
  });
});
