import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseClientOp } from 'mini-chat/protocol';
import { configWith } from '../../../server/config.ts';
import type { Connection } from '../../../server/connection.ts';
import { Inbox, type Incoming } from '../../../server/inbox.ts';

const ping = (n: number): Incoming => parseClientOp(`{"op":"ping","n":${n}}`, { textMax: 1 });
const numberOf = (incoming: Incoming): number =>
  'op' in incoming && incoming.op.op === 'ping' ? incoming.op.n : -1;

/** The part of a connection that an inbox uses. */
const fakeConnection = () => {
  const drained = Promise.withResolvers<void>();
  const calls: string[] = [];
  const connection = {
    isSlow: false,
    drained: () => drained.promise,
    pause: () => void calls.push('pause'),
    resume: () => void calls.push('resume'),
  };
  return { connection, asConnection: connection as unknown as Connection, drained, calls };
};

describe('Inbox', () => {
  it('handles one op at a time, in order', async () => {
    const first = Promise.withResolvers<void>();
    const handled: number[] = [];
    const inbox = new Inbox({
      connection: fakeConnection().asConnection,
      limits: configWith({}),
      now: () => 0,
      handle: (incoming) => {
        handled.push(numberOf(incoming));
        return handled.length === 1 ? first.promise : undefined;
      },
    });

    for (const n of [1, 2, 3]) inbox.take(ping(n));
    assert.deepEqual(handled, [1]);
    first.resolve();
    await new Promise((resolve) => setImmediate(resolve));

    assert.deepEqual(handled, [1, 2, 3]);
  });

  it('stops reading at inputOpsMax and reads on when it has caught up', async () => {
    const first = Promise.withResolvers<void>();
    const { asConnection, calls } = fakeConnection();
    const inbox = new Inbox({
      connection: asConnection,
      limits: configWith({ inputOpsMax: 3 }),
      now: () => 0,
      handle: () => first.promise,
    });

    for (const n of [1, 2, 3]) inbox.take(ping(n));
    assert.ok(!calls.includes('pause'));
    inbox.take(ping(4));
    assert.equal(calls.at(-1), 'pause');
    first.resolve();
    await new Promise((resolve) => setImmediate(resolve));

    assert.equal(calls.at(-1), 'resume');
  });

  it('waits for a slow reader before it makes more answers for it', async () => {
    const { connection, asConnection, drained } = fakeConnection();
    const handled: number[] = [];
    const inbox = new Inbox({
      connection: asConnection,
      limits: configWith({}),
      now: () => 0,
      handle: (incoming) => void handled.push(numberOf(incoming)),
    });

    connection.isSlow = true;
    inbox.take(ping(1));
    inbox.take(ping(2));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(handled, [1]);
    connection.isSlow = false;
    drained.resolve();
    await new Promise((resolve) => setImmediate(resolve));

    assert.deepEqual(handled, [1, 2]);
  });

  it('drops what comes too fast, and counts no first join of a room', () => {
    let now = 0;
    const inbox = new Inbox({
      connection: fakeConnection().asConnection,
      limits: configWith({ framesPerSecondMax: 2, roomsMax: 3 }),
      now: () => now,
      handle: () => undefined,
    });
    const join = parseClientOp('{"op":"join","room":"a"}', { textMax: 1 });

    for (let i = 0; i < 3; i += 1) assert.equal(inbox.take(join), true);
    assert.equal(inbox.take(ping(1)), true);
    assert.equal(inbox.take(join), true);
    assert.equal(inbox.take(ping(2)), false);
    now = 1000;

    assert.equal(inbox.take(ping(3)), true);
  });
});
