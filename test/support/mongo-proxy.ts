/**
 * Stands between the driver and a MongoDB: keeps the commands that pass, and loses replies on
 * demand. "Applied, but the answer never came" is what a database cannot be told to do itself.
 */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { BSON } from 'mongodb';

interface Command {
  readonly name: string;
  readonly fields: BSON.Document;
}

interface MongoProxy {
  /** Through the proxy, straight to the server behind it. */
  readonly urlOf: (database: string) => string;
  /** Every command so far, in order. */
  readonly commands: readonly Command[];
  /** The next so many commands of this name are carried out and never answered. */
  loseReplies(name: string, times: number): void;
  close(): Promise<void>;
}

/** Opens one before the server of a url. */
export async function openMongoProxy(url: string): Promise<MongoProxy> {
  const { hostname, port } = new URL(url);
  const commands: Command[] = [];
  const lost = new Map<string, number>();
  const sockets = new Set<Socket>();

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let isLosing = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('close', end).on('error', end);
    }
    const parse = messageParser((command) => {
      commands.push(command);
      const times = lost.get(command.name) ?? 0;
      lost.set(command.name, times - 1);
      isLosing = times > 0;
    });
    client.on('data', (bytes) => {
      parse(bytes);
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => (isLosing ? end() : client.write(bytes)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = typeof address === 'object' ? address?.port : undefined;

  return {
    urlOf: (database) => `mongodb://127.0.0.1:${own}/${database}?directConnection=true`,
    commands,
    loseReplies: (name, times) => void lost.set(name, times),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const OP_MSG = 2013;
const HEADER_BYTES = 16;

/** Calls back for every whole command in a stream of wire messages. */
function messageParser(found: (command: Command) => void): (bytes: Buffer) => void {
  let kept = Buffer.alloc(0);
  return (bytes) => {
    kept = Buffer.concat([kept, bytes]);
    while (kept.length >= HEADER_BYTES && kept.length >= kept.readInt32LE(0)) {
      const message = kept.subarray(0, kept.readInt32LE(0));
      kept = kept.subarray(message.length);
      if (message.readInt32LE(12) === OP_MSG) found(commandIn(message));
    }
  };
}

/** The first section holds the command; the driver puts it there. Its first field is its name. */
function commandIn(message: Buffer): Command {
  const start = HEADER_BYTES + 5;
  const size = message.readInt32LE(start);
  const fields = BSON.deserialize(message.subarray(start, start + size));
  return { name: Object.keys(fields)[0] ?? '', fields };
}
