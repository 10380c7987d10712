/** The people of a room without sockets: connections that keep what they are sent, in short. */

import type { RoomId, Seq, ServerOp, User } from 'mini-chat/protocol';
import { FanOut } from '../../server/fan-out.ts';
import type { Fact } from '../../server/node-news.ts';
import { RoomPeople, type Listener, type VolatileLimits } from '../../server/room-people.ts';
import type { RoomKey } from '../../server/store.ts';
import { FakeClock } from './clock.ts';

export const room = 'main/lobby' as RoomKey;
const limits: VolatileLimits = {
  typingMs: 6000,
  typingEveryMs: 500,
  presenceEveryMs: 1000,
  crowdEveryMs: 5000,
  readEveryMs: 1000,
  newsEveryMs: 100,
  retellMs: 20_000,
  forgetNodeMs: 60_000,
};

export const user = (id: string, name = id): User =>
  ({ id: `u_${id}`, name, role: 'guest' }) as User;

/** A connection that keeps what it is sent. */
class FakeListener implements Listener {
  readonly frames: Buffer[] = [];
  isSlow = false;
  #drained = Promise.withResolvers<void>();

  queue(frame: Buffer): boolean {
    this.frames.push(frame);
    return true;
  }

  flush(): void {}

  drained(): Promise<void> {
    return this.#drained.promise;
  }

  drain(): void {
    this.isSlow = false;
    this.#drained.resolve();
    this.#drained = Promise.withResolvers<void>();
  }

  /** What it was told since last asked, in short. */
  take(): readonly string[] {
    return this.frames.splice(0).map((frame) => inShort(opOf(frame)));
  }
}

/** The op in a whole frame. */
function opOf(frame: Buffer): ServerOp {
  return JSON.parse(frame.subarray(frame.indexOf('{')).toString()) as ServerOp;
}

function inShort(op: ServerOp): string {
  if (op.op === 'typing') {
    return `typing ${op.users.map(({ name }) => name).join(' ')}${op.more ? ` +${op.more}` : ''}`;
  }
  if (op.op === 'presence') {
    return `presence ${op.count}${op.users ? `: ${op.users.map(({ name }) => name).join(' ')}` : ''}`;
  }
  return op.op === 'read' ? `read ${op.seq}` : op.op;
}

export interface Scene {
  readonly people: RoomPeople;
  readonly clock: FakeClock;
  readonly told: Fact[];
  readonly kept: string[];
  /** Comes in, and has not been told anything yet. */
  readonly enter: (id: string, read?: Seq) => FakeListener;
}

export const newScene = (): Scene => {
  const clock = new FakeClock();
  const told: Fact[] = [];
  const kept: string[] = [];
  const people = new RoomPeople({
    id: 'lobby' as RoomId,
    key: room,
    fanOut: new FanOut(1000),
    clock,
    limits,
    tell: (fact) => told.push(fact),
    keep: (id, seq) => kept.push(`${id} ${seq}`),
  });
  const enter = (id: string, read: Seq = 0): FakeListener => {
    const listener = new FakeListener();
    people.enter(listener, { user: user(id), read });
    return listener;
  };
  return { people, clock, told, kept, enter };
};
