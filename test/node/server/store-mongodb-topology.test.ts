import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { checkTopology, placeOf } from '../../../server/store-mongodb-topology.ts';

/** Of the driver that the server has; the tests' own may be another version. */
type MongoClient = Parameters<typeof checkTopology>[0];
type MongoOptions = Parameters<typeof placeOf>[0];
type Document = Readonly<Record<string, unknown>>;

const member = { isWritablePrimary: true, logicalSessionTimeoutMinutes: 30, setName: 'rs0' };

/** How a router of a sharded cluster greets; the field is its word, not ours. */
const ROUTER: Document = Object.fromEntries([['msg', 'isdbgrid']]);

/** A server that says this of itself; undefined: it does not let this user ask. */
function server(hello: Document, serverStatus?: Document): MongoClient {
  const command = async (asked: Document): Promise<Document> => {
    if ('hello' in asked) return hello;
    if (serverStatus === undefined) throw new Error('not authorized');
    return serverStatus;
  };
  return { db: () => ({ command }) } as unknown as MongoClient;
}

describe('MongoDB topology', () => {
  it('a replica set and a sharded cluster have change streams, a standalone has none', async () => {
    const { setName, ...alone } = member;
    const cases: readonly [Document, boolean][] = [
      [{ ...alone, setName }, true],
      [{ ...alone, ...ROUTER }, true],
      [alone, false],
    ];

    for (const [hello, hasChangeStreams] of cases) {
      assert.deepEqual(await checkTopology(server(hello), false), { hasChangeStreams });
    }
  });

  it('what cannot keep the contract is refused in words, unless it is accepted', async () => {
    const { logicalSessionTimeoutMinutes, ...sessionless } = member;
    assert.equal(logicalSessionTimeoutMinutes, 30);
    const forgetful = { storageEngine: { name: 'inMemory', persistent: false } };
    const weak: readonly [MongoClient, RegExp][] = [
      [server({ ...member, isWritablePrimary: false }), /no primary/],
      [server(sessionless), /no sessions/],
      [server(member, forgetful), /in memory only/],
    ];

    for (const [client, words] of weak) {
      await assert.rejects(checkTopology(client, false), words);
      assert.deepEqual(await checkTopology(client, true), { hasChangeStreams: true });
    }
  });

  it('a durable engine passes, and so does a server that does not let one ask', async () => {
    const durable = { storageEngine: { name: 'wiredTiger', persistent: true } };

    assert.ok((await checkTopology(server(member, durable), false)).hasChangeStreams);
    assert.ok((await checkTopology(server(member), false)).hasChangeStreams);
  });

  it('the place names hosts and database, and no user', () => {
    const hosts = ['a:1', 'b:2'].map((host) => ({ toString: () => host }));
    const options = { hosts, credentials: { username: 'me', password: 's3cret' } };

    const place = placeOf(options as unknown as MongoOptions, 'chat');

    assert.equal(place, 'MongoDB at a:1, b:2, database chat');
    const srv = { ...options, srvHost: 'cluster.example.net' } as unknown as MongoOptions;
    assert.equal(placeOf(srv, 'chat'), 'MongoDB at cluster.example.net, database chat');
  });
});
