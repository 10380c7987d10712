import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MongoSessions } from '../../../server/store-mongodb-sessions.ts';

type Client = ConstructorParameters<typeof MongoSessions>[0];

/** The server's time as the driver keeps it, as far as it is compared. */
const timeOf = (n: number): unknown => ({
  n,
  greaterThan: (other: { n: number }) => n > other.n,
});

/** Sessions whose work ends at the times given, in turn. */
function fakeClient(times: readonly number[]): {
  client: Client;
  advanced: unknown[];
  open: () => number;
} {
  const [left, advanced] = [[...times], [] as unknown[]];
  let count = 0;
  const startSession = (): unknown => {
    count++;
    return {
      operationTime: timeOf(left.shift() ?? 0),
      advanceOperationTime: ({ n }: { n: number }) => advanced.push(n),
      endSession: async () => void count--,
    };
  };
  return { client: { startSession } as unknown as Client, advanced, open: () => count };
}

const fails = (): Promise<never> => Promise.reject(new Error('on demand'));

describe('MongoSessions', () => {
  it('reads wait for the newest failed write, and for none that succeeded', async () => {
    const { client, advanced, open } = fakeClient([1, 0, 7, 0, 5, 0]);
    const sessions = new MongoSessions(client);

    await sessions.write(async () => {});
    await sessions.read(async () => {});
    await assert.rejects(sessions.write(fails));
    await sessions.read(async () => {});
    await assert.rejects(sessions.write(fails));
    await sessions.read(async () => {});

    assert.deepEqual(advanced, [7, 7]);
    assert.equal(open(), 0);
  });

  it('settled waits for every write, well or not', async () => {
    const sessions = new MongoSessions(fakeClient([]).client);
    const [good, bad] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const writes = [good, bad].map(({ promise }) => sessions.write(() => promise));
    let isSettled = false;

    const settled = sessions.settled().then(() => (isSettled = true));
    good.resolve();
    await writes[0];
    assert.equal(isSettled, false);
    bad.reject(new Error('on demand'));
    await assert.rejects(writes[1]!);
    await settled;

    assert.ok(isSettled);
  });
});
