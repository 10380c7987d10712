/** One client per server and identity on a page, however many elements show it. */

import { ChatClient, type ClientOptions } from './client.ts';
import { platform, type Release } from './environment.ts';

type GetToken = () => Promise<string>;

/** A client that others may hold too. */
export interface SharedClient {
  readonly client: ChatClient;
  /** The page has another function now: frameworks make a new one with each render. */
  use(getToken: GetToken): void;
  /** Idempotent. The client is closed 10 s after the last holder let go. */
  release(): void;
}

/** An element that is taken out and put back elsewhere in this time costs no new connection. */
export const LINGER_MS = 10_000;

interface Holding {
  readonly options: ClientOptions;
  readonly client: ChatClient;
  /** The page's latest one, which the client asks. */
  getToken: GetToken | undefined;
  holders: number;
  stopClosing?: Release;
}

const holdings = new Set<Holding>();

/** The client of this server and identity, made if there is none. */
export function sharedClient(options: ClientOptions): SharedClient {
  const { token, getToken } = options;
  const alike = [...holdings].filter((one) => isAlike(one.options, options));
  const known =
    alike.find((one) => one.getToken === getToken) ?? alike.find((one) => one.holders === 0);
  const holding = known ?? hold(options);
  const { client } = holding;
  holding.holders += 1;
  holding.stopClosing?.();
  // Whoever held it before may have given it another one.
  if (token !== undefined) client.setToken(token);
  if (getToken && getToken !== holding.getToken) void takeOver(holding, getToken);
  let held = 1;
  return {
    client,
    use: (latest) => {
      holding.getToken = latest;
    },
    release: () => {
      holding.holders -= held;
      if (held === 1 && holding.holders === 0) linger(holding);
      held = 0;
    },
  };
}

function hold(options: ClientOptions): Holding {
  const { getToken } = options;
  const ask = async (): Promise<string> => (await holding.getToken?.()) ?? '';
  const client = new ChatClient({ ...options, getToken: getToken && ask });
  const holding: Holding = { options, client, getToken, holders: 0 };
  holdings.add(holding);
  return holding;
}

/** A component that is mounted again made its function anew; it may speak for another user. */
async function takeOver(holding: Holding, getToken: GetToken): Promise<void> {
  holding.getToken = getToken;
  try {
    const token: unknown = await getToken();
    if (token && typeof token === 'string') holding.client.setToken(token);
  } catch {
    // The client asks again when it needs one, and says what is wrong with it.
  }
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
    !one.getToken === !other.getToken &&
    one.storage === other.storage &&
    one.token === other.token
  );
}
