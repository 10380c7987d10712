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
  stopClosing: Release | undefined;
}

const holdings = new Set<Holding>();

/** The client of this server and identity, made if there is none. */
export function sharedClient(options: ClientOptions): SharedClient {
  const holding = [...holdings].find((one) => isAlike(one.options, options)) ?? hold(options);
  holding.holders += 1;
  holding.stopClosing?.();
  // Whoever held it before may have given it another one.
  if (options.token !== undefined) holding.client.setToken(options.token);
  let held = 1;
  return {
    client: holding.client,
    release: () => {
      if (held === 1) letGo(holding);
      held = 0;
    },
  };
}

function hold(options: ClientOptions): Holding {
  const client = new ChatClient(options);
  const holding: Holding = { options, client, holders: 0, stopClosing: undefined };
  holdings.add(holding);
  return holding;
}

function letGo(holding: Holding): void {
  holding.holders -= 1;
  if (holding.holders > 0) return;
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
