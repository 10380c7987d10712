import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Connection, ConnectionListener } from '../../../server/connection.ts';
import { encode } from '../../../server/fan-out.ts';
import { UpgradeGate, type Admitted } from '../../../server/upgrade-gate.ts';
import { configWith } from '../../../server/config.ts';
import { Metrics } from '../../../server/metrics.ts';
import { RawClient } from '../../support/raw-client.ts';

const limits = { slowBytesMax: 64 * 1024, slowMs: 1000, heartbeatMs: 1000 };

interface Ends {
  readonly connection: Connection;
  readonly client: RawClient;
  readonly heard: string[];
  clock: number;
}

/** The two ends of a WebSocket: our Connection, and a client on a bare socket. */
async function openEnds(t: TestContext, settings = {}): Promise<Ends> {
  const heard: string[] = [];
  const ends = { heard, clock: 0 } as { -readonly [Key in keyof Ends]: Ends[Key] };
  const admitted = Promise.withResolvers<Admitted>();
  const metrics = new Metrics();
  const config = configWith({ ...limits, closeMs: 300, ...settings });
  const now = (): number => ends.clock;
  const gate = new UpgradeGate({ config, metrics, now, admit: admitted.resolve });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => gate.handle(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ends.client = await RawClient.connect(url);
  ends.connection = (await admitted.promise).connection;
  const listener: ConnectionListener = {
    text: (text) => void heard.push(text),
    binary: () => void heard.push('binary'),
    failed: () => void heard.push('failed'),
    closed: () => void heard.push('closed'),
  };
  ends.connection.listen(listener, now);
  t.after(() => {
    ends.client.destroy();
    metrics.close();
    server.close();
  });
  return ends;
}

const pong = (n: number): Buffer => encode({ op: 'pong', n });
const bulk = encode({ op: 'error', code: 'x', message: 'x'.repeat(60_000) });

describe('Connection', () => {
  it('hears text and binary frames, and its end once', async (t) => {
    const { client, heard } = await openEnds(t);

    client.send('one');
    client.frame(2, Buffer.from('two'));
    client.close();
    while (!heard.includes('closed')) await nextTurn();

    assert.deepEqual(heard, ['one', 'binary', 'closed']);
  });

  it('writes what was queued together, in order, at flush', async (t) => {
    const { client, connection } = await openEnds(t);

    for (let n = 1; n <= 3; n += 1) connection.queue(pong(n));
    assert.deepEqual(client.ops, []);
    connection.flush();
    await client.until((op) => op.op === 'pong' && op.n === 3);

    assert.deepEqual(
      client.reads.map((ops) => ops.length),
      [3],
    );
  });

  it('says what is queued before its close frame, and nothing after it', async (t) => {
    const { client, connection } = await openEnds(t);

    connection.queue(pong(1));
    connection.close(4400);
    connection.queue(pong(2));
    connection.flush();

    assert.equal(await client.closed, 4400);
    assert.deepEqual(client.ops, [{ op: 'pong', n: 1 }]);
  });

  it('is slow above its limit, and drained when the peer reads again', async (t) => {
    const { client, connection } = await openEnds(t);
    client.socket.pause();
    let bytes = 0;
    for (; bytes < 64 * 1024 * 1024 && !connection.isSlow; bytes += bulk.length) {
      connection.queue(bulk);
      connection.flush();
      await nextTurn();
    }
    assert.ok(connection.isSlow);

    const drained = connection.drained();
    client.socket.resume();
    await drained;

    assert.equal(connection.isSlow, false);
  });

  it('is drained at once when it is not slow, and when it ends', async (t) => {
    const { client, connection } = await openEnds(t);

    await connection.drained();
    connection.queue(bulk);
    connection.queue(bulk);
    const drained = connection.drained();
    client.destroy();

    await drained;
  });

  it('is slow for the sweep only without progress for slowMs', async (t) => {
    const ends = await openEnds(t);
    const { client, connection } = ends;
    client.socket.pause();
    while (!connection.isSlow) {
      for (let i = 0; i < 20; i += 1) connection.queue(bulk);
      connection.flush();
    }

    assert.equal(connection.sweep(0), undefined);
    assert.equal(connection.sweep(1000), undefined);
    assert.equal(connection.sweep(1001), 'slow');
  });

  it('is silent for the sweep after three heartbeats, unless it was paused', async (t) => {
    const ends = await openEnds(t, { slowMs: 1e9 });
    const { client, connection, heard } = ends;

    assert.equal(connection.sweep(3000), undefined);
    assert.equal(connection.sweep(3001), 'silent');
    ends.clock = 2000;
    client.send('here');
    while (heard.length === 0) await nextTurn();
    assert.equal(connection.sweep(5000), undefined);
    connection.pause();

    assert.equal(connection.sweep(9999), undefined);
  });

  it('ends without an answer to its close frame after closeMs', async (t) => {
    const { client, connection, heard } = await openEnds(t, { closeMs: 50 });
    client.socket.pause();

    connection.close(4408);
    while (!heard.includes('closed')) await nextTurn();

    assert.equal(connection.isOpen, false);
  });

  it('ends a peer that sends pings and never reads the pongs', async (t) => {
    const { client, heard } = await openEnds(t);
    client.socket.pause();

    let sent = 0;
    while (!heard.includes('closed') && sent < 2_000_000) {
      for (let i = 0; i < 1000; i += 1) client.frame(9, Buffer.alloc(125));
      sent += 1000;
      await nextTurn();
    }

    assert.ok(heard.includes('closed'), `${sent} pings`);
  });
});
