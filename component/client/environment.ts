/**
 * The outside world of a client: time, chance, sockets, storage, and news from the host. All of it
 * comes through here, so that a test can hold every clock and every door.
 */

import type { Ms } from '../protocol/ops.ts';

/** How a timer, a listener or a lock is given back. Idempotent. */
export type Release = () => void;

/** What a client can see and use of where it runs. */
export interface Environment {
  /** Never goes back; for waits. */
  now(): Ms;
  /** The wall clock; for display. */
  wall(): Ms;
  after(ms: Ms, run: () => void): Release;
  /** 0 ≤ random < 1. */
  random(): number;
  /** 32 characters that nobody else will ever draw; they sort by the time. */
  mintId(): string;
  openSocket(url: URL, protocol: string): Socket;
  /** Where `online`, `offline`, `pagehide`, `pageshow`, `visibilitychange` and `storage` arrive. */
  readonly events?: EventTarget | undefined;
  readonly locks?: Pick<LockManager, 'request'> | undefined;
}

/** The part of a WebSocket that we use. */
export type Socket = Pick<WebSocket, 'send' | 'close' | 'addEventListener' | 'removeEventListener'>;

/** The longest wait that timers can do: more would fire at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The world as the platform gives it: a page, a worker, or Node. */
export function platform(): Environment {
  return {
    now: () => performance.now(),
    wall: Date.now,
    after: (ms, run) => {
      const timer = setTimeout(run, Math.min(ms, TIMER_MS_MAX));
      return () => clearTimeout(timer);
    },
    random: Math.random,
    mintId,
    openSocket,
    events: globalThis.window,
    // Only on https and localhost; without locks the cid alone keeps drafts from doubling.
    locks: globalThis.navigator?.locks,
  };
}

/**
 * `demo:` is not over a network: tabs of this browser are the server, by a file that is loaded for
 * it. Such a socket can be sent to, and closed, once it has opened.
 */
function openSocket(url: URL, protocol: string): Socket {
  if (url.protocol !== 'demo:') return new WebSocket(url, protocol);
  const socket = new EventTarget() as Socket & EventTarget;
  import('../demo/demo-socket.ts').then(
    ({ begin }) => begin(socket),
    // As a server would say it; asking again would be of no use, since browsers remember it.
    (error: unknown) => {
      const data = JSON.stringify({ op: 'error', code: 'bad_server', message: String(error) });
      socket.dispatchEvent(new MessageEvent('message', { data }));
    },
  );
  return socket;
}

function mintId(): string {
  // Not randomUUID: browsers have it on https and localhost alone.
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  // The time comes first: what many write at once is neighbours in the store's index of cids.
  return Date.now().toString(36) + btoa(String.fromCharCode(...bytes)).replace(/\W/g, '-');
}

/** One timer, moved as often as wanted: rings once, not before the time set. Infinity: never. */
export function alarmOn({ now, after }: Environment, ring: () => void): (at: Ms) => void {
  let at = Infinity;
  let release: Release | undefined;
  const arm = (): void => {
    release = after(Math.max(0, at - now()), () => {
      // Timers drop fractions of a millisecond and long waits are cut: this may be too early.
      if (now() < at) return arm();
      at = Infinity;
      ring();
    });
  };
  return (next) => {
    if (next === at) return;
    release?.();
    at = next;
    if (at < Infinity) arm();
  };
}

/** One more listener, until what this returns is called. */
export function listen<Listener>(listeners: Set<Listener>, listener: Listener): Release {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
