import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, it, type TestContext } from 'node:test';

import { Dice } from '../../proof/dice.ts';
import { FaultProxy } from '../../proof/fault-proxy.ts';

/** An echo server behind a proxy, and a client in front of it. */
async function scene(t: TestContext): Promise<{
  proxy: FaultProxy;
  client: Talker;
  heard: () => string;
}> {
  let heard = '';
  const far = new Set<Socket>();
  const server: Server = createServer((socket) => {
    far.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      heard += bytes.toString();
      socket.write(bytes);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy = await FaultProxy.open((server.address() as AddressInfo).port, new Dice(1));
  const client = await Talker.connect(proxy.port);
  t.after(async () => {
    client.socket.destroy();
    await proxy.close();
    for (const socket of far) socket.destroy();
    server.close();
  });
  return { proxy, client, heard: () => heard };
}

/** A client that remembers what it was told and how it ended. */
class Talker {
  readonly socket: Socket;
  readonly pieces: string[] = [];
  error: string | undefined;
  #changed = Promise.withResolvers<void>();

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.pieces.push(bytes.toString());
      this.#tell();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code;
    });
    socket.on('close', () => this.#tell());
  }

  static async connect(port: number): Promise<Talker> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new Talker(socket);
  }

  get text(): string {
    return this.pieces.join('');
  }

  async until(isIt: () => boolean): Promise<void> {
    while (!isIt()) await this.#changed.promise;
  }

  async say(text: string): Promise<void> {
    const length = this.text.length + text.length;
    this.socket.write(text);
    await this.until(() => this.text.length >= length);
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers<void>();
  }
}

describe('FaultProxy', () => {
  it('passes bytes both ways, and the end of them', async (t) => {
    const { proxy, client } = await scene(t);
    const long = 'x'.repeat(3_000_000);

    await client.say('hello');
    await client.say(long);
    client.socket.end();
    await once(client.socket, 'close');

    assert.equal(client.text, `hello${long}`);
    assert.equal(client.error, undefined);
    assert.equal(proxy.connectionCount, 0);
  });

  it('resets both ends', async (t) => {
    const { proxy, client } = await scene(t);
    await client.say('hello');

    proxy.reset();
    await client.until(() => client.socket.closed);

    assert.equal(client.error, 'ECONNRESET');
    assert.equal(proxy.connectionCount, 0);
  });

  it('swallows nothing in a black hole: what was held comes late', async (t) => {
    const { proxy, client, heard } = await scene(t);
    await client.say('one ');

    proxy.set({ held: ['up', 'down'] });
    client.socket.write('two ');
    const other = await Talker.connect(proxy.port);
    t.after(() => other.socket.destroy());
    assert.equal(heard(), 'one ');
    proxy.clear();
    await client.until(() => client.text === 'one two ');

    assert.equal(heard(), 'one two ');
  });

  it('cuts one way: the server hears, the client does not', async (t) => {
    const { proxy, client, heard } = await scene(t);
    await client.say('one ');

    proxy.set({ held: ['down'] });
    client.socket.write('two ');
    const other = await Talker.connect(proxy.port);
    t.after(() => other.socket.destroy());
    other.socket.write('three');
    while (!heard().includes('two ')) await new Promise(setImmediate);

    assert.equal(client.text, 'one ');
    proxy.clear();
    await client.until(() => client.text === 'one two ');
  });

  it('is late, and keeps the order', async (t) => {
    const { proxy, client } = await scene(t);
    proxy.set({ latencyMs: 20, jitterMs: 20 });
    const started = performance.now();

    for (let i = 0; i < 10; i += 1) client.socket.write(`${i} `);
    await client.until(() => client.text.length === 20);

    assert.equal(client.text, '0 1 2 3 4 5 6 7 8 9 ');
    assert.ok(performance.now() - started >= 39);
  });

  it('hands out crumbs of one byte', async (t) => {
    const { proxy, client } = await scene(t);
    proxy.set({ sliceBytes: 1 });

    await client.say('a whole sentence');

    assert.equal(client.text, 'a whole sentence');
    assert.ok(client.pieces.length > 4, `it came in ${client.pieces.length} pieces`);
  });

  it('cuts in the middle, after so many bytes', async (t) => {
    const { proxy, client } = await scene(t);
    await client.say('hello ');

    proxy.cutAfter(3, 'down');
    client.socket.write('again');
    await client.until(() => client.socket.closed);

    assert.ok('hello aga'.startsWith(client.text), client.text);
    assert.equal(client.error, 'ECONNRESET');
  });

  it('loses the reply to a request that arrived', async (t) => {
    const { proxy, client, heard } = await scene(t);
    await client.say('read ');

    proxy.loseReply((bytes) => bytes.includes('insert'));
    await client.say('read again ');
    client.socket.write('insert!');
    await client.until(() => client.socket.closed);

    assert.equal(heard(), 'read read again insert!');
    assert.equal(client.text, 'read read again ');
    assert.equal(proxy.repliesLost, 1);
  });

  it('ends a connection whose end was on its way', async (t) => {
    const { proxy, client } = await scene(t);
    await client.say('hello');
    proxy.set({ held: ['down'] });
    client.socket.end();
    const other = await Talker.connect(proxy.port);
    other.socket.write('and heard');

    while (proxy.connectionCount < 2) await new Promise(setImmediate);
    proxy.reset();
    await client.until(() => client.socket.closed);
    await other.until(() => other.socket.closed);

    assert.equal(proxy.connectionCount, 0);
  });

  it('refuses new connections and keeps the old ones', async (t) => {
    const { proxy, client } = await scene(t);

    proxy.set({ refuses: true });
    const refused = connect({ port: proxy.port, host: '127.0.0.1' });
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];

    assert.equal(error.code, 'ECONNRESET');
    await client.say('still here');
  });
});
