/** Where a room stands, from how far its connection and itself are. Pure. */

import type { Ms } from '../protocol/ops.ts';
import type { RoomSession } from './room-session.ts';
import type { RoomSnapshot } from './room.ts';
import type { Session } from './session.ts';

/** Whether either says no until the application changes something. */
export function isRefused(...sessions: readonly (Session | RoomSession)[]): boolean {
  return sessions.some(({ state }) => state === 'refused');
}

/** Whether a server hears what is said: behind a hello too, in its turn, if it takes the hello. */
export function isHeard({ state }: Session): boolean {
  return state === 'greeting' || state === 'live';
}

type Standing = Pick<RoomSnapshot, 'status' | 'refusal' | 'retryAt'>;

/** `wallOffset`: what makes a time of the waiting clock one of the wall clock. */
export function statusOf(connection: Session, room: RoomSession, wallOffset: Ms): Standing {
  const session = connection.state === 'live' ? room : connection;
  const { state } = session;
  if (state === 'closed' || state === 'live') return { status: state };
  if (state === 'refused') return { status: state, refusal: session.refusal };
  if (state !== 'offline' && state !== 'waiting') return { status: 'connecting' };
  return { status: 'offline', retryAt: session.until + wallOffset, refusal: session.refusal };
}
