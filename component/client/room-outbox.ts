/** One room's outbox at work: keeps drafts before they are sent, sends them, and draws them. */

import type { ClientOp, Ms, RoomId, Seq, User } from '../protocol/ops.ts';
import type { Environment } from './environment.ts';
import { dueAt } from './machine.ts';
import {
  type Draft,
  emptyOutbox,
  isUnsent,
  type Outbox,
  type OutboxEffect,
  type OutboxInput,
  stepOutbox,
} from './outbox.ts';
import { draftRow, type Row } from './timeline.ts';

/** What an outbox needs of its client. */
interface OutboxHost {
  readonly environment: Environment;
  say(op: ClientOp): void;
}

/** What an outbox needs of its room. */
interface OutboxRoom {
  /** The seq up to which the log is here. */
  last(): Seq;
  /** The drafts are not what they were: keep them. */
  save(): void;
  /** The server does not know that we are in the room. */
  rejoin(): void;
}

/** Invariant: a draft is kept before it is on the wire. */
export class RoomOutbox {
  readonly #id: RoomId;
  readonly #host: OutboxHost;
  readonly #room: OutboxRoom;
  #outbox: Outbox = emptyOutbox;
  readonly #rows = new WeakMap<Draft, Row>();

  constructor(id: RoomId, host: OutboxHost, room: OutboxRoom) {
    this.#id = id;
    this.#host = host;
    this.#room = room;
  }

  get drafts(): readonly Draft[] {
    return this.#outbox.drafts;
  }

  get hasUnsent(): boolean {
    return this.drafts.some(isUnsent);
  }

  get dueAt(): Ms {
    return dueAt(this.#outbox);
  }

  step(input: OutboxInput): void {
    const { environment } = this.#host;
    const before = this.#outbox;
    const { next, effects } = stepOutbox(before, input, {
      now: environment.now(),
      random: environment.random(),
      last: this.#room.last(),
    });
    this.#outbox = next;
    // Kept before it is sent: what is on the wire must be found again after a crash.
    if (next.drafts !== before.drafts) this.#room.save();
    for (const effect of effects) this.#run(effect);
  }

  /** Another user's drafts, or the same person's under a new identity. */
  replace(drafts: readonly Draft[]): void {
    this.#outbox = { state: 'idle', drafts };
  }

  /** One row per draft; a row that did not change is the same object. */
  rows(author: User): readonly Row[] {
    return this.drafts.map((draft) => {
      const known = this.#rows.get(draft);
      if (known?.user === author) return known;
      const row = draftRow(draft, author);
      this.#rows.set(draft, row);
      return row;
    });
  }

  #run(effect: OutboxEffect): void {
    if (effect.effect === 'rejoin') return this.#room.rejoin();
    const { cid, body } = effect.draft;
    this.#host.say({ op: 'send', room: this.#id, cid, kind: 'message', body });
  }
}
