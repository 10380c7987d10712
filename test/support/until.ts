/** Waiting for a fact of a real room, in place of a while. */

import type { Room, RoomSnapshot } from '../../component/client/client.ts';

/** Resolves when the room is so. */
export function until(room: Room, isSo: (snapshot: RoomSnapshot) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo(room.snapshot)) return;
      stop();
      resolve();
    };
    const stop = room.subscribe(look);
    look();
  });
}

/** Whether it is caught up. */
export const isLive = ({ status }: RoomSnapshot): boolean => status === 'live';
