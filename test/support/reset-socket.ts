/** Resets of connections, as bad networks and crashed peers do. */

import type { Socket } from 'node:net';

/** A socket that has said goodbye cannot be reset any more: libuv refuses, and would keep it. */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
