/** One room's log inside a test, with what a real server checks and shows of it. All in memory. */

import { asRead, fold } from '../../component/protocol/fold.ts';
import type { ErrorCode } from '../../component/protocol/chat-error.ts';
import type {
  Change,
  Content,
  Cursor,
  Entry,
  EntryId,
  Epoch,
  Line,
  Message,
  OwnReactions,
  ResetReason,
  Seq,
  User,
} from '../../component/protocol/ops.ts';

interface LinePage {
  readonly messages: readonly Line[];
  readonly mine: readonly OwnReactions[];
}

export class FakeLog {
  readonly epoch: Epoch;
  readonly entries: Entry[] = [];
  floor = 1;

  constructor(epoch: Epoch) {
    this.epoch = epoch;
  }

  get head(): Seq {
    return this.entries.length;
  }

  get headId(): EntryId | '' {
    return this.entries.at(-1)?.id ?? '';
  }

  append(draft: Content & Pick<Entry, 'user' | 'cid' | 'at'>): Entry {
    const seq = this.head + 1;
    const entry = { ...draft, seq, id: `${this.epoch}-${seq}` as EntryId } as Entry;
    this.entries.push(entry);
    return entry;
  }

  /** Why a cursor cannot be resumed. */
  misfit({ epoch, seq, id }: Cursor): ResetReason | undefined {
    if (epoch !== this.epoch) return 'epoch';
    if (seq + 1 < this.floor) return 'below_floor';
    return id === (seq === 0 ? '' : this.entries[seq - 1]?.id) ? undefined : 'other_id';
  }

  /** The newest lines before a seq, as of a head. */
  page(
    { before = Infinity, limit, asOf = this.head }: { before?: Seq; limit: number; asOf?: Seq },
    user: User | undefined,
  ): LinePage {
    const messages = this.lines(asOf)
      .filter(({ seq }) => seq < before && seq >= this.floor)
      .slice(-limit);
    const mine = messages.map(({ seq: target }) => ({
      target,
      emoji: this.#own(target, user, asOf),
    }));
    return { messages, mine: mine.filter(({ emoji }) => emoji.length > 0) };
  }

  /** Everything that has a place of its own, as of a head. */
  lines(asOf = this.head): readonly Line[] {
    const lines = new Map<Seq, Line>();
    for (const entry of this.entries.slice(0, asOf)) {
      if (entry.kind === 'message' || entry.kind === 'notice') lines.set(entry.seq, asRead(entry));
      else {
        const line = lines.get(entry.body.target);
        if (line?.kind === 'message') lines.set(line.seq, fold(line, entry));
      }
    }
    return [...lines.values()];
  }

  /** Why a real server would refuse it, by what is stored alone. */
  refusalOf(content: Content, user: User): ErrorCode | undefined {
    if (!('target' in content.body)) return undefined;
    const { target } = content.body;
    const line = this.lines().find(({ seq }) => seq === target);
    if (line?.kind !== 'message' || line.deleted) return 'no_target';
    const isOwn = line.user.id === user.id;
    const mayEdit = isOwn || (content.kind === 'delete' && user.role === 'moderator');
    if (/^(edit|delete)$/.test(content.kind) && !mayEdit) return 'forbidden';
    return this.#isSo(line, content as Content<Change['kind']>, user) ? 'no_change' : undefined;
  }

  #isSo(line: Message, { kind, body }: Content<Change['kind']>, user: User): boolean {
    if (kind === 'react') return this.#own(line.seq, user).includes(body.emoji) === body.on;
    if (kind === 'pin') return !!line.pinned === body.on;
    return kind === 'edit' && line.body.text === body.text;
  }

  #own(target: Seq, user: User | undefined, asOf = this.head): readonly string[] {
    const own = new Set<string>();
    for (const { kind, body, user: by } of this.entries.slice(0, asOf)) {
      if (kind !== 'react' || body.target !== target || by.id !== user?.id) continue;
      if (body.on) own.add(body.emoji);
      else own.delete(body.emoji);
    }
    return [...own];
  }
}
