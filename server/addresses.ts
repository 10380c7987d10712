/** Whose connection this is, as far as a network address tells, and how many each has. */

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/**
 * The address that limits count: the socket's own or, behind trusted proxies, the one that the
 * outermost of them saw. An IPv6 user has a whole /64 to choose from, so that counts as one.
 */
export function addressOf(request: IncomingMessage, proxies: number): string {
  const own = request.socket.remoteAddress ?? '';
  return addressKey(proxies === 0 ? own : (forwardedFor(request, proxies) ?? own));
}

/** An address as a key: IPv4 as it is, IPv6 cut to its /64. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

/** What the proxies appended, counted from the right: a client can write only what stands left. */
function forwardedFor(request: IncomingMessage, proxies: number): string | undefined {
  const header = request.headers['x-forwarded-for'];
  const list = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',');
  const address = list.at(-proxies)?.trim() ?? '';
  return isIP(address) === 0 ? undefined : address;
}

/** How many of something each address has. Invariant: every count kept is at least 1. */
export class AddressCounts {
  readonly #counts = new Map<string, number>();

  of(address: string): number {
    return this.#counts.get(address) ?? 0;
  }

  add(address: string): void {
    this.#counts.set(address, this.of(address) + 1);
  }

  /** Pair it with one `add`. */
  remove(address: string): void {
    const count = this.of(address);
    if (count > 1) this.#counts.set(address, count - 1);
    else this.#counts.delete(address);
  }
}

/** Whether a page of this origin may connect; `https://*.example.org` names any host below. */
export function isListedOrigin(origin: string, list: readonly string[]): boolean {
  return list.some((entry) => {
    if (entry === '*' || entry === origin) return true;
    const [scheme = '', host] = entry.split('://*.');
    if (host === undefined) return false;
    return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${host}`);
  });
}
