/**
 * What people read of one room: its lines, with what later entries did to them folded in. Keeps
 * views in the store so that neither a page nor a check grows with the number of changes. Derived
 * data only: without any view everything reads the same. Knows no drafts and no sockets.
 */

import { asRead, fold } from 'mini-chat/protocol';
import type { Change, Line, Message, Seq, UserId } from 'mini-chat/protocol';
import type { LineRange, LogFacts, ReactionKey, RoomKey, Store, View } from './store.ts';

/** With more changes than this after the kept views, new views are kept. */
export const UNVIEWED_MAX = 500;

/** Changes folded in one step, and the most that a page folds by itself. */
const STEP = 1000;

/** Targets that lie as close as this are read together. */
const STRETCH_MAX = 100;

/** What is kept may be of a later head than this node knows, but hardly this often. */
const PAGE_TRIES_MAX = 10;

/** Stretches read at once. */
const READS_AT_ONCE = 16;

interface RoomViewsOptions {
  readonly store: Store;
  readonly room: RoomKey;
  /** The outcome of a call to the store, or a rejection when it takes too long. */
  readonly ask: <T>(work: Promise<T>) => Promise<T>;
  /** As released so far. */
  readonly facts: () => LogFacts;
  /** Releases all that the store has now. */
  readonly sync: () => Promise<void>;
}

/** A stretch of what people read. */
export interface Page {
  /** As of which it is. */
  readonly facts: LogFacts;
  readonly messages: readonly Line[];
}

/** What is known of some messages as of a seq. */
export interface KnownMessages {
  readonly messages: ReadonlyMap<Seq, Message>;
  readonly reactions: readonly (ReactionKey & { readonly emoji: readonly string[] })[];
}

/**
 * Invariant: every deletion up to `viewedTo` is scrubbed. So a line that is read after `viewedTo`
 * was, is either empty, or its deletion is among the changes after it.
 */
export class RoomViews {
  readonly #options: RoomViewsOptions;
  #viewedTo: Seq | undefined;
  /** Changes that this node wrote since it looked last whether views should be kept. */
  #written = 0;
  #keeping: Promise<void> | undefined;

  constructor(options: RoomViewsOptions) {
    this.#options = options;
  }

  /** The newest lines before a seq, oldest first, as of the released head: three bounded reads. */
  async page({ before, limit }: LineRange): Promise<Page> {
    for (let tries = 0; tries < PAGE_TRIES_MAX; tries++) {
      const facts = this.#options.facts();
      const range = { before: Math.min(before, facts.head + 1), limit };
      const messages = await this.#lines(range, facts.head);
      if (messages !== undefined) return { facts, messages };
      await this.#options.sync();
    }
    throw new Error('what is kept is of a later head than the store says');
  }

  /**
   * The messages at these seqs as of the head, those that are there, and what these users reacted
   * with. Undefined when what is kept is of a later head: learn that one first.
   */
  async known(
    targets: ReadonlySet<Seq>,
    reactors: readonly ReactionKey[],
    head: Seq,
  ): Promise<KnownMessages | undefined> {
    const { store, room, ask } = this.#options;
    const after = await this.#viewedToNow();
    const [changes, loaded, reactions] = await Promise.all([
      this.#changes(after, head),
      this.#load([...targets]),
      reactors.length === 0 ? [] : ask(store.reactionsOf(room, reactors, head)),
    ]);
    if (changes.length > STEP) {
      return this.#keep(head).then(() => this.known(targets, reactors, head));
    }
    if (isAhead(loaded.views, head)) return undefined;
    const wanted = loaded.lines.filter(({ seq }) => targets.has(seq) && seq <= head);
    return { messages: folded(wanted, loaded.views, changes), reactions };
  }

  /** Changes were written by this node, the last of them at or before the head. */
  wrote(count: number, head: Seq): void {
    this.#written += count;
    if (this.#written < UNVIEWED_MAX) return;
    this.#written = 0;
    this.#keepLater(head);
  }

  /** Waits for what is being kept. */
  async close(): Promise<void> {
    await this.#keeping?.catch(() => undefined);
  }

  /** Undefined when what is kept is of a later head: learn that one first. */
  async #lines(range: LineRange, head: Seq): Promise<readonly Line[] | undefined> {
    const { store, room, ask } = this.#options;
    const after = await this.#viewedToNow();
    const [lines, changes] = await Promise.all([
      ask(store.lines(room, range)),
      this.#changes(after, head),
    ]);
    if (changes.length > STEP) return this.#keep(head).then(() => this.#lines(range, head));
    if (changes.length > UNVIEWED_MAX) this.#keepLater(head);
    const [first, last] = [lines[0], lines.at(-1)];
    if (first === undefined || last === undefined) return lines;
    const kept = await ask(store.views(room, { from: first.seq, to: last.seq }));
    if (isAhead(kept.views, head)) return undefined;
    this.#learn(kept.viewedTo);
    const messages = folded(lines.filter(isMessage), kept.views, changes);
    return lines.map((line) => messages.get(line.seq) ?? line);
  }

  async #viewedToNow(): Promise<Seq> {
    const { store, room, ask } = this.#options;
    if (this.#viewedTo !== undefined) return this.#viewedTo;
    this.#learn((await ask(store.views(room, { from: 0, to: 0 }))).viewedTo);
    return this.#viewedTo ?? 0;
  }

  #learn(viewedTo: Seq): void {
    this.#viewedTo = Math.max(viewedTo, this.#viewedTo ?? 0);
  }

  #changes(after: Seq, head: Seq): Promise<readonly Change[]> {
    const { store, room, ask } = this.#options;
    return ask(store.changes(room, { after, upTo: head, limit: STEP + 1 }));
  }

  #keepLater(head: Seq): void {
    // Nothing is lost: whoever reads next will see that views are missing, and try again.
    this.#keep(head).catch(() => undefined);
  }

  /** Brings the kept views up to the head. Calls during a run share it. */
  #keep(head: Seq): Promise<void> {
    this.#keeping ??= this.#keepAll(head).finally(() => {
      this.#keeping = undefined;
    });
    return this.#keeping;
  }

  async #keepAll(head: Seq): Promise<void> {
    const { store, room, ask } = this.#options;
    for (;;) {
      // Another node may have kept some meanwhile.
      const { viewedTo } = await ask(store.views(room, { from: 0, to: 0 }));
      this.#learn(viewedTo);
      if (viewedTo >= head) return;
      const changes = (await this.#changes(viewedTo, head)).slice(0, STEP);
      const last = changes.at(-1);
      if (last === undefined) return;
      const upTo = changes.length < STEP ? head : last.seq;
      await this.#keepStep(changes, upTo);
      this.#learn(upTo);
      if (upTo === head) return;
    }
  }

  async #keepStep(changes: readonly Change[], upTo: Seq): Promise<void> {
    const { store, room, ask } = this.#options;
    const targets = new Set(changes.map(({ body }) => body.target));
    const { lines, views } = await this.#load([...targets]);
    const wanted = lines.filter(({ seq }) => targets.has(seq));
    const next: View[] = [];
    for (const message of folded(wanted, views, changes).values()) {
      if (!message.deleted) next.push({ asOf: upTo, message });
    }
    for (const { kind, body } of changes) {
      if (kind === 'delete') await ask(store.scrub(room, body.target));
    }
    // A view of a later head stays what it is: the store never goes back.
    await ask(store.saveViews(room, next, upTo));
  }

  /** The messages at these seqs, among others near them, and their kept views. */
  async #load(seqs: readonly Seq[]): Promise<{ lines: Message[]; views: View[] }> {
    const { store, room, ask } = this.#options;
    const stretches = stretchesOf(seqs);
    const [lines, views]: [Message[], View[]] = [[], []];
    for (let at = 0; at < stretches.length; at += READS_AT_ONCE) {
      const some = stretches.slice(at, at + READS_AT_ONCE);
      await Promise.all(
        some.map(async ({ from, to }) => {
          const range = { after: from - 1, upTo: to, limit: STRETCH_MAX };
          // The entries first: see the invariant.
          const entries = await ask(store.read(room, range));
          const kept = await ask(store.views(room, { from, to }));
          lines.push(...entries.filter((entry) => entry.kind === 'message'));
          views.push(...kept.views);
        }),
      );
    }
    return { lines, views };
  }
}

const isMessage = (line: Line): line is Message => line.kind === 'message';

const isAhead = (views: readonly View[], head: Seq): boolean =>
  views.some(({ asOf }) => asOf > head);

/** Each message as its view has it, or as it lies in the log, and then the changes after that. */
function folded(
  messages: readonly Message[],
  views: readonly View[],
  changes: readonly Change[],
): Map<Seq, Message> {
  const viewOf = new Map(views.map((view) => [view.message.seq, view]));
  const now = new Map<Seq, Message>();
  for (const line of messages) {
    const read = asRead(line) as Message;
    now.set(line.seq, read.deleted ? read : (viewOf.get(line.seq)?.message ?? read));
  }
  for (const change of changes) {
    const { target } = change.body;
    const message = now.get(target);
    if (message === undefined || change.seq <= (viewOf.get(target)?.asOf ?? 0)) continue;
    now.set(target, fold(message, change));
  }
  return now;
}

function stretchesOf(seqs: readonly Seq[]): { readonly from: Seq; to: Seq }[] {
  const stretches: { readonly from: Seq; to: Seq }[] = [];
  for (const seq of [...seqs].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && seq - last.from < STRETCH_MAX) last.to = seq;
    else stretches.push({ from: seq, to: seq });
  }
  return stretches;
}

/** The messages of a page whose list of who reacted is cut short, and is without this user. */
export function cutShort(lines: readonly Line[], user: UserId): readonly ReactionKey[] {
  const keys: ReactionKey[] = [];
  for (const line of lines) {
    const reactions = line.kind === 'message' ? (line.reactions ?? []) : [];
    const isCut = reactions.some(({ count, users }) => {
      return count > users.length && !users.some(({ id }) => id === user);
    });
    if (isCut) keys.push({ target: line.seq, user });
  }
  return keys;
}
