/** A real server on a free port, for one test: in memory and silent unless told otherwise. */

import type { TestContext } from 'node:test';
import { start, type ChatServerOptions, type RunningServer } from '../../server/app.ts';
import { RawClient, type RawOptions } from './raw-client.ts';

/** A running server whose clients end with it. */
export interface TestServer extends RunningServer {
  /** A client that is connected, and destroyed when the test ends. */
  readonly connect: (options?: RawOptions) => Promise<RawClient>;
  /** One that has greeted under this name. */
  readonly guest: (name: string) => Promise<RawClient>;
  /** One that is in the room, too. */
  readonly member: (name: string, room: string) => Promise<RawClient>;
}

/** Starts a server that ends with the test. */
export async function startServer(
  t: TestContext,
  options: ChatServerOptions = {},
): Promise<TestServer> {
  const server = await start({
    port: 0,
    memory: true,
    logLevel: 'silent',
    drainMs: 500,
    closeMs: 500,
    waitingPerAddressMax: 10_000,
    ...options,
  });
  const clients: RawClient[] = [];
  t.after(async () => {
    for (const client of clients) client.destroy();
    await server.close();
  });
  const connect = async (raw?: RawOptions): Promise<RawClient> => {
    const client = await RawClient.connect(server.url, raw);
    clients.push(client);
    return client;
  };
  const guest = async (name: string): Promise<RawClient> => {
    const client = await connect();
    await client.hello({ name });
    return client;
  };
  const member = async (name: string, room: string): Promise<RawClient> => {
    const client = await guest(name);
    await client.join(room);
    return client;
  };
  return { ...server, connect, guest, member };
}
