/** Typing, presence and read marks of two servers that meet in one MongoDB, as in life. */

import assert from 'node:assert/strict';
import { after, describe, it, type TestContext } from 'node:test';
import { HOST_SECRET, hostToken } from '../../support/host-tokens.ts';
import { freshName } from '../../support/log-samples.ts';
import { databaseUrl, startMongo } from '../../support/mongo.ts';
import type { RawClient } from '../../support/raw-client.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const mongo = await startMongo();
after(() => mongo.close());

const startPair = async (t: TestContext): Promise<readonly [TestServer, TestServer]> => {
  const options = {
    memory: false,
    mongo: databaseUrl(mongo.url, freshName()),
    acceptWeakMongo: true,
    jwtKey: HOST_SECRET,
    presenceEveryMs: 50,
    typingEveryMs: 50,
    readEveryMs: 50,
  };
  return [await startServer(t, options), await startServer(t, options)];
};

const signedIn = async (server: TestServer, sub: string): Promise<RawClient> => {
  const client = await server.connect();
  await client.hello({ token: await hostToken({ sub, name: sub }) });
  await client.join('lobby');
  return client;
};

const told = async (client: RawClient, op: 'typing' | 'presence', names: string): Promise<void> => {
  await client.until(
    (one) => one.op === op && one.users?.map(({ name }) => name).join(' ') === names,
  );
};

describe('Volatile › MongoDB', () => {
  it('two servers are one room for who is there, who writes and what was read', async (t) => {
    const [one, other] = await startPair(t);
    const ann = await signedIn(one, 'ann');
    const bob = await signedIn(other, 'bob');
    const tab = await signedIn(other, 'ann');
    for (const client of [ann, bob, tab]) await told(client, 'presence', 'ann bob');

    bob.send({ op: 'typing', room: 'lobby', on: true });
    await told(ann, 'typing', 'bob');
    await bob.say('lobby', 'hi');
    await told(ann, 'typing', '');
    // It may have come before or after.
    while (!ann.ops.some((op) => op.op === 'entries')) await ann.until(() => true);
    ann.send({ op: 'read', room: 'lobby', seq: 1 });
    await tab.until((op) => op.op === 'read' && op.seq === 1);
    ann.destroy();
    const back = await one.connect();
    await back.hello({ token: await hostToken({ sub: 'ann', name: 'ann' }) });

    assert.equal((await back.join('lobby')).read, 1);
  });

  it('one that closes takes its people along at once', async (t) => {
    const [one, other] = await startPair(t);
    const ann = await signedIn(one, 'ann');
    await signedIn(other, 'bob');
    await told(ann, 'presence', 'ann bob');

    await other.close();

    await told(ann, 'presence', 'ann');
  });
});
