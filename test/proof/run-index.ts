/** The look-ups that the rules share: drafts by identity, logs by room. Judges nothing. */

import { Deletions, emptied, isEmptied, withText } from './deletions.ts';
import type { FinalLog, History, Observation, Seen } from './history.ts';

/** All that was seen of one draft. */
export interface Draft {
  readonly room: string;
  readonly user: string;
  readonly cid: string;
  readonly sender: string;
  readonly text: string;
  /** Another text under the same cid: whichever came first may be in the log. */
  otherTexts: string[];
  sends: number;
  /** Attempts that were refused for certain; when all were, it must not be in the log. */
  refusals: number;
  maybes: number;
  isNacked: boolean;
  acks: { readonly seq: number; readonly place: number }[];
  /** The places among its sender's drafts that it may have taken (G6). */
  first: number;
  last: number;
  /** The place of its newest attempt. */
  newest: number;
  /** The highest seq known to be durable when it was first sent (G5). */
  above: number;
}

export class RunIndex {
  readonly history: History;
  readonly drafts = new Map<string, Draft>();
  /** One log per room: the first source; the others must equal it. */
  readonly logs = new Map<string, FinalLog>();
  readonly entries = new Map<string, Map<number, Seen>>();
  readonly deletions = new Map<string, Deletions>();
  /** The keys of all drafts that are in a log. */
  readonly stored = new Set<string>();
  /** Where in the observations a room's log was last replaced; what came before is excused. */
  readonly renewals = new Map<string, number>();

  constructor(history: History) {
    this.history = history;
    for (const log of history.finals) {
      if (this.logs.has(log.room)) continue;
      this.logs.set(log.room, log);
      this.deletions.set(log.room, new Deletions(log));
      this.entries.set(log.room, new Map(log.entries.map((entry) => [entry.seq, entry])));
      for (const { user, cid } of log.entries) this.stored.add(draftKey(log.room, user, cid));
    }
    history.observations.forEach((seen, place) => {
      if (seen.what !== 'fault') return;
      for (const room of seen.renews ?? []) this.renewals.set(room, place);
    });
    new DraftReader(this).read(history.observations);
  }

  /** Whether an observation at this place speaks of a log that is no more. */
  isExcused(room: string, place: number): boolean {
    return place < (this.renewals.get(room) ?? -1);
  }

  /** The seq of the deletion that takes this entry's text; undefined when its text stays. */
  deletionOf(room: string, entry: Seen): number | undefined {
    return this.deletions.get(room)?.of(entry);
  }

  /** Whether it says what was sent under its cid, or what a deletion leaves of that. */
  isAsSent(room: string, { user, cid, kind, text }: Seen, isWhole: boolean): boolean {
    const draft = this.drafts.get(draftKey(room, user, cid));
    if (draft === undefined) return false;
    const said = [draft.text, ...draft.otherTexts];
    return said.some((one) => text === (isWhole ? one : emptied(kind, one)));
  }

  /** The entry as it was before a deletion took its text, as far as that is known. */
  restored(room: string, entry: Seen): Seen {
    const draft = this.drafts.get(draftKey(room, entry.user, entry.cid));
    if (draft === undefined || !isEmptied(entry)) return entry;
    return this.deletionOf(room, entry) === undefined ? entry : withText(entry, draft.text);
  }
}

/** A draft's identity as one string. */
export function draftKey(room: string, user: string, cid: string): string {
  return `${room} ${user} ${cid}`;
}

/** Walks the observations once and writes down what each draft went through. */
class DraftReader {
  readonly #index: RunIndex;
  /** Per sender and room: how many places were given out. */
  readonly #places = new Map<string, number>();
  /** Per room: the highest seq that somebody had been told is durable. */
  readonly #known = new Map<string, number>();

  constructor(index: RunIndex) {
    this.#index = index;
  }

  read(observations: readonly Observation[]): void {
    observations.forEach((seen, place) => {
      switch (seen.what) {
        case 'send':
          return this.#send(seen);
        case 'ack':
          this.#learn(seen.room, seen.seq, place);
          return void this.#draft(seen)?.acks.push({ seq: seen.seq, place });
        case 'nack':
          return this.#nack(seen);
        case 'apply':
          return this.#learn(seen.room, seen.entry.seq, place);
        default:
      }
    });
  }

  #send(seen: Extract<Observation, { what: 'send' }>): void {
    const draft = this.#draft(seen);
    if (draft === undefined) return this.#first(seen);
    // Once there is an ack the first text is in the log, and no other can take its place.
    if (draft.acks.length === 0) draft.otherTexts.push(seen.text);
    const place = this.#place(seen.sender, seen.room);
    draft.newest = place;
    if (draft.isNacked) draft.last = Math.max(draft.last, place);
    draft.sends += 1;
  }

  #first(seen: Extract<Observation, { what: 'send' }>): void {
    const { room, user, cid, sender, text } = seen;
    const place = this.#place(sender, room);
    this.#index.drafts.set(draftKey(room, user, cid), {
      ...{ room, user, cid, sender, text },
      otherTexts: [],
      sends: 1,
      refusals: 0,
      maybes: 0,
      isNacked: false,
      acks: [],
      first: place,
      last: place,
      newest: place,
      above: this.#known.get(room) ?? 0,
    });
  }

  #nack(seen: Extract<Observation, { what: 'nack' }>): void {
    const draft = this.#draft(seen);
    if (draft === undefined) return;
    if (seen.maybe) draft.maybes += 1;
    else draft.refusals += 1;
    // Sent again with no nack, it keeps its first place. Once an attempt was given up, a later one
    // may be what was stored, also one that was on its way before the nack came.
    draft.isNacked = true;
    draft.last = Math.max(draft.last, draft.newest);
    // Refused here, but an attempt whose answer was lost with its connection may wait elsewhere,
    // and be what is stored in the end: its place is as late as it likes.
    const answers = draft.refusals + draft.maybes + draft.acks.length;
    if (!seen.maybe && draft.sends > answers) draft.last = Infinity;
  }

  #learn(room: string, seq: number, place: number): void {
    if (this.#index.isExcused(room, place)) return;
    if (seq > (this.#known.get(room) ?? 0)) this.#known.set(room, seq);
  }

  #place(sender: string, room: string): number {
    const key = `${sender} ${room}`;
    const place = this.#places.get(key) ?? 0;
    this.#places.set(key, place + 1);
    return place;
  }

  #draft(seen: { readonly room: string; readonly user: string; readonly cid: string }) {
    return this.#index.drafts.get(draftKey(seen.room, seen.user, seen.cid));
  }
}
