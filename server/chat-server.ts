/**
 * A chat on this node, beside whatever HTTP server its host has: the sessions that are open, the
 * watch over them, and the way to end them all without losing a send.
 */

import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { closeCodes } from 'mini-chat/protocol';
import type { Ms } from 'mini-chat/protocol';
import { refuseUpgrade } from './connection.ts';
import type { HttpHandler } from './http.ts';
import type { Retention } from './retention.ts';
import { Session, type SessionOwner, type SessionServices } from './session.ts';
import type { Config } from './settings.ts';
import type { Store } from './store.ts';
import { StoreWatch } from './store-watch.ts';
import { UpgradeGate, type Admitted } from './upgrade-gate.ts';

/** What a chat server is made of; app.ts puts it together. */
export interface ChatServerParts {
  readonly config: Config;
  readonly store: Store;
  readonly services: SessionServices;
  readonly handle: HttpHandler;
  readonly retention: Retention;
}

/** How long /readyz waits for the store. */
const PING_MS: Ms = 2000;
/** Peers get this long to answer the last close frame, and the store to free what it holds. */
const FAREWELL_MS: Ms = 1000;

/** The chat, as a library's user sees it. Made by `createChatServer`. */
export class ChatServer {
  /** Answers `/mini-chat.js` and `/embed.json`; passes everything else to `next`, or says 404. */
  readonly handle: HttpHandler;
  /** Where messages are kept, in words. */
  readonly place: string;
  readonly #config: Config;
  readonly #store: Store;
  readonly #retention: Retention;
  readonly #services: SessionServices;
  readonly #gate: UpgradeGate;
  readonly #sessions = new Set<Session>();
  readonly #waiting = new Map<Session, () => void>();
  readonly #owner: SessionOwner;
  readonly #sweeper: NodeJS.Timeout;
  readonly #watch: StoreWatch;
  readonly #detachers: (() => void)[] = [];
  #everyoneLeft: PromiseWithResolvers<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor({ config, store, services, handle, retention }: ChatServerParts) {
    const { metrics, now } = services;
    this.handle = handle;
    this.place = store.place;
    this.#config = config;
    this.#store = store;
    this.#retention = retention;
    this.#services = services;
    this.#gate = new UpgradeGate({ config, metrics, now, admit: (one) => this.#admit(one) });
    this.#owner = {
      onGreeted: (session) => this.#stopWaiting(session),
      onEnd: (session) => this.#ended(session),
    };
    this.#sweeper = setInterval(() => this.#sweep(), sweepMsOf(config));
    this.#watch = new StoreWatch({
      ping: () => store.ping(),
      silentMs: config.storeSilentMs,
      onSilent: () => void this.#sendAway(),
      onAnswer: () => this.#welcomeAgain(),
    });
  }

  /**
   * Takes WebSocket upgrades for `path` on this server. Requests, and upgrades for other paths, are
   * left to who else listens; an upgrade that nobody else would answer is answered 404.
   */
  attach(server: HttpServer | HttpsServer, path = '/ws'): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (pathOf(request) === path) this.#gate.handle(request, socket, head);
      else if (server.listenerCount('upgrade') === 1) refuseUpgrade(socket, '404 Not Found');
    };
    server.on('upgrade', onUpgrade);
    this.#detachers.push(() => server.off('upgrade', onUpgrade));
  }

  /** The text of a Prometheus page. */
  metrics(): string {
    return this.#services.metrics.text({
      connections: () => this.#sessions.size,
      rooms: () => this.#services.rooms.size,
    });
  }

  /** Whether new visitors should be sent here: the store answers, and nothing is closing. */
  async isReady(): Promise<boolean> {
    if (this.#closing !== undefined || this.#watch.isSilent) return false;
    const ping = this.#store.ping().then(
      () => true,
      (error: unknown) => {
        this.#services.logger.warn({ err: error }, 'the store does not answer');
        return false;
      },
    );
    return (await within(PING_MS, ping)) ?? false;
  }

  /**
   * Drains: nobody new comes in, everybody is told to come back later, sends under way are stored
   * and acked, connections end with 1001, the store is closed. Idempotent; bounded by `drainMs`.
   */
  close(): Promise<void> {
    this.#closing ??= this.#drain();
    return this.#closing;
  }

  async #drain(): Promise<void> {
    const { fanOut, rooms, volatile, metrics, logger } = this.#services;
    this.#watch.close();
    this.#gate.close();
    const sessions = [...this.#sessions];
    const isDone = await this.#sayBye(sessions);
    if (!isDone) logger.warn({ sessions: sessions.length }, 'drained without all answers');
    await this.#farewell();
    clearInterval(this.#sweeper);
    for (const detach of this.#detachers) detach();
    await within(
      FAREWELL_MS,
      Promise.all([rooms.close(), volatile.close(), this.#retention.close()]),
    );
    fanOut.close();
    metrics.close();
    await within(FAREWELL_MS, this.#store.close());
  }

  /**
   * The store is silent: whoever stayed would be told `unavailable` again and again, and be shown
   * nothing new. Other servers may reach it; this one lets nobody in until it does.
   */
  async #sendAway(): Promise<void> {
    const sessions = [...this.#sessions];
    const facts = { ms: this.#config.storeSilentMs, sessions: sessions.length };
    this.#services.logger.error(facts, 'the store does not answer: everybody is sent away');
    this.#gate.isTurningAway = true;
    await this.#sayBye(sessions);
    for (const session of sessions) session.close(closeCodes.drain);
  }

  /** Waits a while for the answers that they are owed. Resolves with whether all of them came. */
  async #sayBye(sessions: readonly Session[]): Promise<boolean> {
    const { fanOut } = this.#services;
    const { drainMs, reconnectMs } = this.#config;
    const answered = Promise.all(sessions.map((session) => session.drain(reconnectMs)));
    fanOut.flush();
    const isDone = (await within(drainMs, answered)) !== undefined;
    fanOut.flush();
    return isDone;
  }

  #welcomeAgain(): void {
    this.#services.logger.info({}, 'the store answers again');
    this.#gate.isTurningAway = false;
  }

  /** Ends every connection, politely for those that listen. */
  async #farewell(): Promise<void> {
    this.#everyoneLeft = Promise.withResolvers<void>();
    for (const session of this.#sessions) session.close(closeCodes.drain);
    if (this.#sessions.size === 0) return;
    await within(FAREWELL_MS, this.#everyoneLeft.promise);
    for (const session of this.#sessions) session.connection.destroy();
    await within(FAREWELL_MS, this.#everyoneLeft.promise);
  }

  #admit({ connection, stopsWaiting }: Admitted): void {
    const session = new Session(connection, this.#services, this.#owner);
    this.#sessions.add(session);
    this.#waiting.set(session, stopsWaiting);
    connection.listen(session, this.#services.now);
  }

  #ended(session: Session): void {
    this.#stopWaiting(session);
    this.#sessions.delete(session);
    if (this.#sessions.size === 0) this.#everyoneLeft?.resolve();
  }

  #stopWaiting(session: Session): void {
    this.#waiting.get(session)?.();
    this.#waiting.delete(session);
  }

  #sweep(): void {
    const { now, rooms, sendBuckets, logger } = this.#services;
    const at = now();
    for (const session of this.#sessions) session.sweep(at);
    sendBuckets.sweep(at);
    rooms.sweep(at).catch((error: unknown) => {
      logger.error({ err: error }, 'a room could not be closed');
    });
  }
}

/** The promise's value, or undefined when it takes longer. Rejects when the promise does. */
async function within<T>(ms: Ms, promise: Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  // Aborted as soon as the promise has an outcome; then nobody waits for it any more.
  const late = wait(ms, undefined, { signal: stop.signal }).catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    stop.abort();
  }
}

/** Often enough for the shortest of the times that a sweep enforces. */
function sweepMsOf({ helloMs, slowMs, heartbeatMs, roomIdleMs }: Config): Ms {
  const shortest = Math.min(helloMs, slowMs, heartbeatMs, roomIdleMs);
  return Math.min(1000, Math.max(10, shortest / 4));
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?')[0] ?? '/';
}
