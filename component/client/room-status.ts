/** Where a room stands, from how far its connection and itself are. Pure. */

import type { Ms } from '../protocol/ops.ts';
import type { RoomSession } from './room-session.ts';
import type { RoomSnapshot } from './room.ts';
import type { Session } from './session.ts';

type Standing = Pick<RoomSnapshot, 'status' | 'refusal' | 'retryAt'>;

/** `wallOffset`: what makes a time of the waiting clock one of the wall clock. */
export function statusOf(connection: Session, room: RoomSession, wallOffset: Ms): Standing {
  const session = connection.state === 'live' ? room : connection;
  switch (session.state) {
    case 'closed':
    case 'live':
      return { status: session.state };
    case 'refused':
      return { status: 'refused', refusal: session.refusal };
    case 'offline':
    case 'waiting': {
      const { until, refusal } = session;
      return { status: 'offline', retryAt: until + wallOffset, refusal };
    }
    default:
      return { status: 'connecting' };
  }
}
