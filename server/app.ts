/**
 * The composition root, and the package's entry: the only file that knows all others. Importing it
 * does nothing.
 */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { Ms } from 'mini-chat/protocol';
import { Auth } from './auth.ts';
import { ChatServer } from './chat-server.ts';
import { ConfigError, configWith } from './config.ts';
import { ElementSource, LOADED_FILES } from './element-file.ts';
import { FanOut } from './fan-out.ts';
import { GuestKeys } from './guest-keys.ts';
import { readHostKey, remoteHostKey, type HostKey } from './host-key.ts';
import { createEmbedHandler, createHttpHandler } from './http.ts';
import { createLogger, type Logger } from './logger.ts';
import { Metrics } from './metrics.ts';
import { openStore } from './open-store.ts';
import { Retention } from './retention.ts';
import { systemClock } from './pace.ts';
import { Rooms } from './rooms.ts';
import type { SessionServices } from './session.ts';
import type { Config } from './settings.ts';
import type { Store } from './store.ts';
import { TokenBuckets } from './token-bucket.ts';
import { Volatile } from './volatile.ts';

export type { ChatServer } from './chat-server.ts';
export { ConfigError } from './config.ts';
export type { HttpHandler } from './http.ts';
export type { Logger } from './logger.ts';
export type { Config } from './settings.ts';
export type { Store } from './store.ts';

/** Every setting of the command line by its name in camelCase, and what only a program can give. */
export interface ChatServerOptions extends Partial<Config> {
  /** Instead of the store that `data`, `mongo` or `memory` name. Closed with the server. */
  readonly store?: Store;
  /** Instead of JSON lines on stderr. */
  readonly logger?: Logger;
  /** The clock. */
  readonly now?: () => Ms;
}

/** A whole server that listens. */
export interface RunningServer {
  readonly url: string;
  /** Where messages are kept, in words. */
  readonly place: string;
  /** False when `/mini-chat.js` has nothing to serve yet. */
  readonly isElementBuilt: boolean;
  /** Drains; see `ChatServer.close`. */
  readonly close: () => Promise<void>;
}

/**
 * A chat to attach to an HTTP server of one's own. Rejects `ConfigError` for a key that cannot be
 * used, and with one sentence when the store cannot be opened.
 */
export async function createChatServer(options: ChatServerOptions = {}): Promise<ChatServer> {
  const { chat } = await compose(options);
  return chat;
}

/** A server of its own on `host` and `port`. Rejects as above, or when the port is in use. */
export async function start(options: ChatServerOptions = {}): Promise<RunningServer> {
  const { chat, config, logger, element } = await compose(options);
  const handler = createHttpHandler({
    embed: chat.handle,
    logger,
    metrics: () => chat.metrics(),
    isReady: () => chat.isReady(),
  });
  const server = createServer(httpOptions(config), handler);
  chat.attach(server);
  try {
    await listen(server, config);
  } catch (error) {
    await chat.close();
    throw error;
  }
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeIdleConnections();
    await chat.close();
    server.closeAllConnections();
    await closed;
  };
  const isElementBuilt = (await element.read()) !== undefined;
  return { url: urlOf(server, config.host), place: chat.place, isElementBuilt, close };
}

interface Composed {
  readonly chat: ChatServer;
  readonly config: Config;
  readonly logger: Logger;
  readonly element: ElementSource;
}

async function compose(options: ChatServerOptions): Promise<Composed> {
  const config = configWith(options);
  const hostKey = await hostKeyOf(config);
  const logger = options.logger ?? createLogger(config.logLevel);
  const store = options.store ?? (await openStore(config));
  try {
    const now = options.now ?? Date.now;
    const guestKeys = await GuestKeys.open(store, now);
    const auth = new Auth({ guestKeys, hostKey, audience: config.jwtAudience, now });
    const services = servicesOf({ config, store, auth, logger, now });
    const element = new ElementSource();
    const trustsProxy = config.trustProxy > 0;
    const handle = createEmbedHandler({
      element,
      loaded: new Map(LOADED_FILES.map((name) => [name, new ElementSource(name)])),
      languages: new ElementSource('mini-chat-languages.min.js'),
      logger,
      trustsProxy,
    });
    const retention = retentionOf({ config, store, logger, now }, services.rooms);
    const chat = new ChatServer({ config, store, services, handle, retention });
    return { chat, config, logger, element };
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface ServiceParts extends Pick<SessionServices, 'auth' | 'logger' | 'now'> {
  readonly config: Config;
  readonly store: Store;
}

function servicesOf({ config, store, auth, logger, now }: ServiceParts): SessionServices {
  const metrics = new Metrics();
  const fanOut = new FanOut(config.fanOutSliceMax);
  const rooms = new Rooms({
    store,
    tenant: config.tenant,
    fanOut,
    now,
    logLimits: {
      batchEntriesMax: 256,
      batchBytesMax: 256 * 1024,
      queueMax: config.roomQueueMax,
      deadlineMs: config.appendMs,
    },
    idleMs: config.roomIdleMs,
    repairMs: config.repairMs,
    onEntries: (count) => metrics.released(count),
    onNews: (news) => volatile.hear(news),
    onReplaced: (room) => volatile.forgetRead(room),
    onScrubFault: (error) => {
      logger.error({ err: error }, 'a deleted text is still kept; trying again later');
    },
  });
  const volatile = new Volatile({
    store,
    fanOut,
    clock: systemClock,
    limits: config,
    metrics,
    keyOf: (id) => rooms.keyOf(id),
  });
  const sendBuckets = new TokenBuckets({
    perSecond: config.sendsPerSecondMax,
    burst: config.sendsBurstMax,
  });
  return {
    auth,
    rooms,
    volatile,
    fanOut,
    rules: config,
    limits: config,
    sendBuckets,
    metrics,
    logger,
    now,
  };
}

function retentionOf(
  { config, store, logger, now }: Pick<ServiceParts, 'config' | 'store' | 'logger' | 'now'>,
  rooms: Rooms,
): Retention {
  return new Retention({
    store,
    tenant: config.tenant,
    keep: config,
    everyMs: config.retentionMs,
    now,
    onTrim: (room) => rooms.refresh(room),
    onFault: (error) => logger.error({ err: error }, 'what is too old was not forgotten'),
  });
}

/** The host site's key, from wherever the settings say; undefined when only guests come. */
export async function hostKeyOf(config: Config): Promise<HostKey | undefined> {
  const { jwtKey, jwtKeyFile, jwks } = config;
  if (jwks !== undefined) return remoteHostKey(jwks);
  if (jwtKey !== undefined) return readHostKey(jwtKey, 'MINI_CHAT_JWT_KEY');
  if (jwtKeyFile === undefined) return undefined;
  const text = await readFile(jwtKeyFile, 'utf8').catch((cause: unknown) => {
    throw new ConfigError(`--jwt-key-file: ${jwtKeyFile} cannot be read`, { cause });
  });
  return readHostKey(text, '--jwt-key-file');
}

function httpOptions({ headersMs }: Config): Parameters<typeof createServer>[0] {
  return {
    headersTimeout: headersMs,
    requestTimeout: 3 * headersMs,
    // Node looks for late ones only every 30 s unless it is told.
    connectionsCheckingInterval: Math.min(1000, headersMs),
    // Anything else than our WebSocket is answered as the request that it also is.
    shouldUpgradeCallback: ({ url = '', headers }: IncomingMessage) =>
      url.split('?')[0] === '/ws' && headers.upgrade?.toLowerCase() === 'websocket',
  };
}

function listen(server: Server, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function urlOf(server: Server, host: string): string {
  // A server that listens on a port has an address of this form.
  const { port } = server.address() as AddressInfo;
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const name = isEverywhere ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
