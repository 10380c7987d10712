/** Logs kept in this process's memory, for tests and for trying: gone when the process ends. */

import { randomUUID } from 'node:crypto';
import type { Change, Entry, Epoch, Line, Seq, UserId } from 'mini-chat/protocol';
import { draftKey } from './draft.ts';
import {
  changesOf,
  checkFloor,
  emojiAfter,
  firstSince,
  isLine,
  isScrubbed,
  linesOf,
  targetOf,
  UNSCRUBBED_MAX,
  withoutText,
} from './store-entry.ts';
import type {
  DraftKey,
  EntryRange,
  LineRange,
  LogFacts,
  ReactionKey,
  RoomKey,
  Store,
  View,
  Views,
} from './store.ts';

/** A store that forgets. Several room logs may share one, as several nodes share a database. */
export function openMemoryStore(): Store {
  const epoch = randomUUID() as Epoch;
  const logs = new Map<RoomKey, MemoryLog>();
  const facts = new Map<string, string>();
  const marks = new Map<string, Seq>();
  // Asking about a room leaves no trace.
  const at = (room: RoomKey): MemoryLog => logs.get(room) ?? new MemoryLog();

  return {
    place: 'the memory of this process (gone when it ends)',
    facts: async (room) => ({ epoch, ...at(room).facts }),
    holds: async (room, seq) => seq <= at(room).facts.head,
    insert: async (room, entries) => {
      logs.set(room, at(room));
      for (const entry of entries) at(room).insert(entry);
    },
    read: async (room, range) => at(room).read(range),
    find: async (room, drafts) => at(room).find(drafts),
    lines: async (room, range) => at(room).lines(range),
    changes: async (room, range) => at(room).changes(range),
    reactionsOf: async (room, asked, upTo) =>
      asked.map((key) => ({ ...key, emoji: at(room).emojiOf(key, upTo) })),
    views: async (room, { from, to }) => at(room).views(from, to),
    saveViews: async (room, views, upTo) => at(room).saveViews(views, upTo),
    scrub: async (room, target) => at(room).scrub(target),
    unscrubbed: async () =>
      [...logs]
        .flatMap(([room, log]) => log.unscrubbed.map((target) => ({ room, target })))
        .slice(0, UNSCRUBBED_MAX),
    trim: async (room, floor) => at(room).trim(floor),
    firstSince: async (room, from) => {
      const log = at(room);
      const { floor, head } = log.facts;
      return firstSince({ floor, head, atOf: async (seq) => log.at(seq)?.at }, from);
    },
    rooms: async ({ after, limit }) =>
      [...logs.keys()]
        .filter((room) => room > after && at(room).facts.head > 0)
        .sort()
        .slice(0, limit),
    readMark: async (room, user) => marks.get(markKey(room, user)) ?? 0,
    markRead: async (room, user, seq) => {
      const key = markKey(room, user);
      marks.set(key, Math.max(seq, marks.get(key) ?? 0));
    },
    swap: async (name, expected, next) => swap(facts, name, { expected, next }),
    ping: async () => {},
    close: async () => {},
  };
}

function swap(
  facts: Map<string, string>,
  name: string,
  { expected, next }: { readonly expected: string | undefined; readonly next: string },
): string {
  if (facts.get(name) === expected) facts.set(name, next);
  const value = facts.get(name);
  if (value === undefined) throw new Error(`nothing is kept as "${name}"`);
  return value;
}

const isEdit = ({ kind }: Entry): boolean => kind === 'edit';

const markKey = (of: RoomKey | Seq, user: UserId): string => JSON.stringify([of, user]);

/** One room. All lists are in seq order; what they name lies in `#entries` alone. */
class MemoryLog {
  /** Invariant: the entry with seq n is at n - floor. */
  #entries: Entry[] = [];
  #floor = 1;
  #lines: Seq[] = [];
  #changes: Seq[] = [];
  readonly #drafts = new Map<string, Seq>();
  readonly #changesOf = new Map<Seq, Seq[]>();
  /** By target and user. */
  readonly #reactionsBy = new Map<string, Seq[]>();
  readonly #views = new Map<Seq, View>();
  /** Targets, with the deletion of each. */
  readonly #unscrubbed = new Map<Seq, Seq>();
  #viewedTo = 0;

  get facts(): Omit<LogFacts, 'epoch'> {
    const newest = this.#entries.at(-1);
    const { seq: head = 0, id: headId = '', at: headAt = 0 } = newest ?? {};
    return { head, headId, headAt, floor: this.#floor };
  }

  get unscrubbed(): readonly Seq[] {
    return [...this.#unscrubbed.keys()];
  }

  at(seq: Seq): Entry | undefined {
    return seq < this.#floor ? undefined : this.#entries[seq - this.#floor];
  }

  /** Throws at the first entry that is refused; those before it stay, as the contract allows. */
  insert(entry: Entry): void {
    const { seq } = entry;
    const { head } = this.facts;
    const key = draftKey(entry.user.id, entry.cid);
    if (seq <= head) throw new Error(`seq ${seq} is taken`);
    if (this.#drafts.has(key)) throw new Error(`draft "${key}" is stored already`);
    if (seq !== head + 1) throw new Error(`seq ${seq} leaves a hole`);
    this.#entries.push(entry);
    this.#index(entry);
    if (entry.kind === 'delete') this.#unscrubbed.set(entry.body.target, seq);
  }

  read({ after, upTo, limit }: EntryRange): readonly Entry[] {
    const first = Math.max(after + 1, this.#floor) - this.#floor;
    const end = Math.max(upTo - this.#floor + 1, first);
    return this.#entries.slice(first, Math.min(end, first + limit));
  }

  find(drafts: readonly DraftKey[]): readonly Entry[] {
    return this.#all(
      drafts.flatMap(({ user, cid }) => this.#drafts.get(draftKey(user, cid)) ?? []),
    );
  }

  lines({ before, limit }: LineRange): readonly Line[] {
    const end = firstIndex(this.#lines, before);
    return linesOf(this.#all(this.#lines.slice(Math.max(0, end - limit), end)));
  }

  changes({ after, upTo, limit }: EntryRange): readonly Change[] {
    const first = firstIndex(this.#changes, after + 1);
    const end = firstIndex(this.#changes, upTo + 1);
    return changesOf(this.#all(this.#changes.slice(first, Math.min(end, first + limit))));
  }

  emojiOf({ target, user }: ReactionKey, upTo: Seq): readonly string[] {
    const all = this.#all(this.#reactionsBy.get(markKey(target, user)) ?? []);
    const own = all.filter(({ seq }) => seq <= upTo);
    return emojiAfter(own.flatMap((entry) => (entry.kind === 'react' ? entry.body : [])));
  }

  views(from: Seq, to: Seq): Views {
    const views = [...this.#views.values()].filter(({ message: { seq } }) => {
      return seq >= from && seq <= to;
    });
    return { views, viewedTo: this.#viewedTo };
  }

  saveViews(views: readonly View[], upTo: Seq): void {
    for (const view of views) {
      const { seq } = view.message;
      const entry = this.at(seq);
      const isOlder = view.asOf < (this.#views.get(seq)?.asOf ?? 0);
      if (entry !== undefined && !isScrubbed(entry) && !isOlder) this.#views.set(seq, view);
    }
    this.#viewedTo = Math.max(this.#viewedTo, upTo);
  }

  scrub(target: Seq): void {
    const message = this.at(target);
    const edits = this.#all(this.#changesOf.get(target) ?? []).filter(isEdit);
    for (const entry of message?.kind === 'message' ? [message, ...edits] : edits) {
      this.#entries[entry.seq - this.#floor] = withoutText(entry);
    }
    this.#views.delete(target);
    this.#unscrubbed.delete(target);
  }

  trim(floor: Seq): void {
    checkFloor(floor, this.facts.head);
    if (floor <= this.#floor) return;
    this.#entries = this.#entries.slice(floor - this.#floor);
    this.#floor = floor;
    this.#lines = [];
    this.#changes = [];
    this.#drafts.clear();
    this.#changesOf.clear();
    this.#reactionsBy.clear();
    for (const entry of this.#entries) this.#index(entry);
    for (const seq of this.#views.keys()) if (seq < floor) this.#views.delete(seq);
    for (const [target, seq] of this.#unscrubbed) {
      if (seq < floor) this.#unscrubbed.delete(target);
    }
  }

  #index(entry: Entry): void {
    const { seq, user, cid } = entry;
    this.#drafts.set(draftKey(user.id, cid), seq);
    if (isLine(entry)) this.#lines.push(seq);
    const target = targetOf(entry);
    if (target === undefined) return;
    this.#changes.push(seq);
    addTo(this.#changesOf, target, seq);
    if (entry.kind === 'react') addTo(this.#reactionsBy, markKey(target, user.id), seq);
  }

  #all(seqs: readonly Seq[]): readonly Entry[] {
    return seqs.flatMap((seq) => this.at(seq) ?? []);
  }
}

function addTo<Key>(lists: Map<Key, Seq[]>, key: Key, seq: Seq): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [seq]);
  else list.push(seq);
}

/** Where the first seq that is not below `seq` lies in a sorted list, or would lie. */
function firstIndex(seqs: readonly Seq[], seq: Seq): number {
  let [low, high] = [0, seqs.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((seqs[middle] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
