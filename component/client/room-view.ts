/** What a room shows, computed from what it is. Pure, but for remembering rows that stay equal. */

import type { Limits, Ms, Operation, Seq, User } from '../protocol/ops.ts';
import type { StorageFault } from './keeper.ts';
import type { Draft } from './outbox.ts';
import type { Refusal } from './refusal.ts';
import type { RoomSession } from './room-session.ts';
import type { Session } from './session.ts';
import { draftRow, type Row, type Timeline } from './timeline.ts';

/**
 * `connecting` until everything missed has arrived, not until the socket opens. `closed`: nobody
 * has joined. `refused`: it will not try again by itself; `refusal` says why.
 */
export type Status = 'closed' | 'connecting' | 'live' | 'offline' | 'refused';

/** A room at one moment. Immutable: another object per change, rows shared where equal. */
export interface RoomSnapshot {
  readonly status: Status;
  /** Always with `refused`; with `offline` when the server or the host page gave a reason. */
  readonly refusal?: Refusal;
  /** With `offline`: when it tries again, by this machine's clock. */
  readonly retryAt?: Ms;
  readonly user?: User;
  /** What this user may do here; empty until joined. */
  readonly can: readonly Operation[];
  readonly limits: Limits;
  /** Messages in the order of the log, then drafts. */
  readonly rows: readonly Row[];
  readonly hasOlder: boolean;
  readonly isLoadingOlder: boolean;
  /** Drafts cannot be kept across a reload: storage is not allowed, or full. */
  readonly storageFault?: StorageFault;
  /** The newest seq of the room that is known here. */
  readonly head: Seq;
  /** How often the log was replaced by another one; rows before a reset say nothing about after. */
  readonly resets: number;
}

/** All that a snapshot is made of. */
export interface RoomFacts {
  readonly isJoined: boolean;
  readonly connection: Session;
  readonly session: RoomSession;
  readonly timeline: Timeline;
  readonly drafts: readonly Draft[];
  readonly user: User | undefined;
  /** Who a draft is by, also before the server has said it. */
  readonly author: User;
  readonly can: readonly Operation[];
  readonly limits: Limits;
  readonly head: Seq;
  readonly isLoadingOlder: boolean;
  readonly storageFault: StorageFault | undefined;
  /** To be added to a time of the waiting clock to have the wall clock's. */
  readonly wallOffset: Ms;
}

export class RoomView {
  #drafts: readonly Draft[] = [];
  #sent: readonly Row[] = [];
  #author: User | undefined;
  #rows: readonly Row[] = [];
  #draftRows = new WeakMap<Draft, Row>();

  /** Costs one copy of the row list when that changed, however many entries came. */
  look(facts: RoomFacts): RoomSnapshot {
    const { timeline, user, storageFault } = facts;
    return {
      ...statusOf(facts),
      ...(user === undefined ? {} : { user }),
      ...(storageFault === undefined ? {} : { storageFault }),
      can: facts.can,
      limits: facts.limits,
      rows: this.#rowsOf(facts),
      hasOlder: timeline.hasOlder,
      isLoadingOlder: facts.isLoadingOlder,
      head: Math.max(facts.head, timeline.last),
      resets: timeline.resets,
    };
  }

  #rowsOf({ timeline, drafts, author }: RoomFacts): readonly Row[] {
    if (author !== this.#author) this.#draftRows = new WeakMap();
    else if (timeline.rows === this.#sent && drafts === this.#drafts) return this.#rows;
    this.#author = author;
    this.#sent = timeline.rows;
    this.#drafts = drafts;
    this.#rows =
      drafts.length === 0
        ? timeline.rows
        : [...timeline.rows, ...drafts.map((draft) => this.#draftRow(draft, author))];
    return this.#rows;
  }

  #draftRow(draft: Draft, author: User): Row {
    const known = this.#draftRows.get(draft);
    if (known !== undefined) return known;
    const row = draftRow(draft, author);
    this.#draftRows.set(draft, row);
    return row;
  }
}

type Standing = Pick<RoomSnapshot, 'status' | 'refusal' | 'retryAt'>;

function statusOf({ isJoined, connection, session, wallOffset }: RoomFacts): Standing {
  if (!isJoined) return { status: 'closed' };
  switch (connection.state) {
    case 'closed':
      return { status: 'closed' };
    case 'refused':
      return { status: 'refused', refusal: connection.refusal };
    case 'offline':
      return offline(connection, wallOffset);
    case 'authorizing':
    case 'connecting':
    case 'greeting':
      return { status: 'connecting' };
    case 'live':
      return roomStatusOf(session, wallOffset);
  }
}

function roomStatusOf(session: RoomSession, wallOffset: Ms): Standing {
  switch (session.state) {
    case 'idle':
    case 'joining':
    case 'syncing':
      return { status: 'connecting' };
    case 'live':
      return { status: 'live' };
    case 'waiting':
      return offline(session, wallOffset);
    case 'refused':
      return { status: 'refused', refusal: session.refusal };
  }
}

function offline(
  { until, refusal }: { readonly until: Ms; readonly refusal?: Refusal | undefined },
  wallOffset: Ms,
): Standing {
  const retryAt = until + wallOffset;
  return { status: 'offline', retryAt, ...(refusal === undefined ? {} : { refusal }) };
}
