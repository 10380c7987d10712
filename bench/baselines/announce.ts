/** The one line by which a baseline says where it listens. */

import type { AddressInfo } from 'node:net';

export function announce(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  process.stdout.write(`listening http://127.0.0.1:${address.port}\n`);
}
