/** One client per server and identity on a page, however many elements show it. */

import { ChatClient, type ClientOptions } from './client.ts';
import { platform, type Release } from './environment.ts';

/** A client that others may hold too. */
export interface SharedClient {
  readonly client: ChatClient;
  /** Idempotent. The client is closed 10 s after the last holder let go. */
  release(): void;
}

/** An element that is taken out and put back elsewhere in this time costs no new connection. */
export const LINGER_MS = 10_000;

interface Holding {
  readonly options: ClientOptions;
  readonly client: ChatClient;
  holders: number;
  stopClosing?: Release;
}

const holdings = new Set<Holding>();

/** The client of this server and identity, made if there is none. */
export function sharedClient(options: ClientOptions): SharedClient {
  const known = [...holdings].find((one) => isAlike(one.options, options));
  const holding = known ?? { options, client: new ChatClient(options), holders: 0 };
  const { client } = holding;
  holdings.add(holding);
  holding.holders += 1;
  holding.stopClosing?.();
  // Whoever held it before may have given it another one.
  if (options.token !== undefined) client.setToken(options.token);
  let held = 1;
  return {
    client,
    release: () => {
      holding.holders -= held;
      if (held === 1 && holding.holders === 0) linger(holding);
      held = 0;
    },
  };
}

function linger(holding: Holding): void {
  const { after } = { ...platform(), ...holding.options.environment };
  holding.stopClosing = after(LINGER_MS, () => {
    holdings.delete(holding);
    holding.client.close();
  });
}

function isAlike(one: ClientOptions, other: ClientOptions): boolean {
  return (
    String(one.server) === String(other.server) &&
    one.getToken === other.getToken &&
    one.storage === other.storage &&
    one.token === other.token
  );
}
