/**
 * One room's log as far as this tab has read it: what may come next, and what people read. Pure;
 * where entries are kept, and who is told of them, is others'.
 */

import { type ChangeWish, changeRefusal } from '../protocol/change.ts';
import { ChatError } from '../protocol/chat-error.ts';
import { asRead, fold } from '../protocol/fold.ts';
import type {
  Change,
  Cid,
  Content,
  Cursor,
  Entry,
  EntryId,
  Epoch,
  Line,
  Message,
  Ms,
  OwnReactions,
  ResetReason,
  Seq,
  User,
  UserId,
} from '../protocol/ops.ts';

/** Entries kept of a room: a demonstration must not fill the disk of whoever looks at it. */
export const ENTRIES_MAX = 1000;

/** What somebody wants to add. */
export type DemoDraft = Content & {
  readonly user: User;
  readonly cid: Cid;
  /** Its sender may delete what others wrote. Never stored. */
  readonly mayModerate?: true;
};

/** What has to be written, all of it or nothing. */
export interface Addition {
  readonly entry: Entry;
  /** Entries with their texts taken out: what was deleted is nowhere any more. */
  readonly scrubbed: readonly Entry[];
}

/** Invariant: the entries are `floor` … `head` without holes, at most `ENTRIES_MAX`. */
export class DemoLog {
  readonly epoch: Epoch;
  readonly #entries: Entry[] = [];
  /** What people read, by seq, with what later entries did to it. */
  readonly #lines = new Map<Seq, Line>();
  /** By target, and then by user. */
  readonly #reactions = new Map<Seq, Map<UserId, Set<string>>>();

  constructor(epoch: Epoch) {
    this.epoch = epoch;
  }

  get head(): Seq {
    return this.#entries.at(-1)?.seq ?? 0;
  }

  get headId(): EntryId | '' {
    return this.#entries.at(-1)?.id ?? '';
  }

  get floor(): Seq {
    return this.#entries[0]?.seq ?? 1;
  }

  /** Takes what comes next in the log. False: something before it is missing. */
  take(entries: readonly Entry[]): boolean {
    for (const entry of entries) {
      if (this.#entries[0] && entry.seq !== this.head + 1) return false;
      this.#take(entry);
    }
    return true;
  }

  /** What is stored under a draft's cid. Throws `ChatError` when it says something else. */
  find(draft: DemoDraft): Entry | undefined {
    const found = this.#entries.find(
      ({ cid, user }) => cid === draft.cid && user.id === draft.user.id,
    );
    if (found && !isSame(found, draft)) throw new ChatError('id_conflict', {});
    return found;
  }

  /** The draft as the next entry. Throws `ChatError` when it may not be that. */
  next(draft: DemoDraft, id: EntryId, now: Ms): Addition {
    const { kind, body, user, cid } = draft;
    const refusal = isChange(draft) && this.#refusalOf(draft);
    if (refusal) throw refusal;
    const at = Math.max(now, this.#entries.at(-1)?.at ?? 0);
    const entry = { seq: this.head + 1, id, kind, user, at, cid, body } as Entry;
    return { entry, scrubbed: kind === 'delete' ? this.#scrubbed(draft.body.target) : [] };
  }

  /** What came after a cursor, or why it is of no use here. */
  after({ epoch, seq, id }: Cursor): readonly Entry[] | ResetReason {
    if (epoch !== this.epoch) return 'epoch';
    if (seq > this.head) return 'ahead_of_head';
    // The entry at the cursor proves the history, except before the first one.
    if (seq === 0 && this.floor === 1) return id === '' ? this.#entries : 'other_id';
    if (seq < this.floor) return 'below_floor';
    const at = seq - this.floor;
    return this.#entries[at]?.id === id ? this.#entries.slice(at + 1) : 'other_id';
  }

  /** The newest lines before a seq, oldest first. */
  page(before: Seq, limit: number): readonly Line[] {
    return [...this.#lines.values()].filter(({ seq }) => seq < before).slice(-limit);
  }

  /** This user's reactions to lines whose list of who reacted is cut short. */
  own(lines: readonly Line[], user: UserId): readonly OwnReactions[] {
    return lines.flatMap((line) => {
      const reactions = line.kind === 'message' ? (line.reactions ?? []) : [];
      const isCut = reactions.some(({ count, users }) => count > users.length);
      const emoji = [...(this.#reactions.get(line.seq)?.get(user) ?? [])];
      return isCut && emoji[0] ? [{ target: line.seq, emoji }] : [];
    });
  }

  #take(entry: Entry): void {
    this.#entries.push(entry);
    if (isChange(entry)) this.#change(entry);
    else this.#lines.set(entry.seq, asRead(entry as Line));
    if (this.#entries.length <= ENTRIES_MAX) return;
    this.#lines.delete(this.floor);
    this.#reactions.delete(this.floor);
    this.#entries.shift();
  }

  #change(change: Change): void {
    const { target } = change.body;
    const message = this.#messageAt(target);
    // It may be older than what is kept.
    if (message) this.#lines.set(target, fold(message, change));
    if (change.kind === 'delete') {
      for (const entry of this.#scrubbed(target)) this.#entries[entry.seq - this.floor] = entry;
    } else if (message && change.kind === 'react') this.#react(change);
  }

  #react({ user, body: { target, emoji, on } }: Entry<'react'>): void {
    const all = this.#reactions.get(target) ?? new Map<UserId, Set<string>>();
    const own = all.get(user.id) ?? new Set();
    this.#reactions.set(target, all.set(user.id, own));
    own[on ? 'add' : 'delete'](emoji);
  }

  #refusalOf(wish: ChangeWish): ChatError | undefined {
    const { target } = wish.body;
    const own = this.#reactions.get(target)?.get(wish.user.id);
    const hasReacted = wish.kind === 'react' && !!own?.has(wish.body.emoji);
    return changeRefusal(wish, this.#messageAt(target), hasReacted);
  }

  #messageAt(seq: Seq): Message | undefined {
    const line = this.#lines.get(seq);
    return line?.kind === 'message' ? line : undefined;
  }

  /** The message and its edits, without what they said. */
  #scrubbed(target: Seq): readonly Entry[] {
    return this.#entries
      .filter(({ seq, kind, body }) => {
        return kind === 'message' ? seq === target : kind === 'edit' && body.target === target;
      })
      .map((entry) => ({ ...entry, body: withoutText(entry) }) as Entry);
  }
}

const isChange = <T extends Content>(
  one: T,
): one is Extract<T, { readonly kind: Change['kind'] }> =>
  /^(edit|delete|react|pin)$/.test(one.kind);

const withoutText = ({ body }: Content): object => ({ ...body, text: '' });

/** Fields come from the parser, always in the same order. A text that was scrubbed is any text. */
function isSame(entry: Entry, draft: DemoDraft): boolean {
  if (entry.kind !== draft.kind) return false;
  const isScrubbed = 'text' in entry.body && entry.body.text === '';
  const said = isScrubbed ? withoutText(draft) : draft.body;
  return JSON.stringify(entry.body) === JSON.stringify(said);
}
