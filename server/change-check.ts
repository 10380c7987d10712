/**
 * Whether a change may be stored: decided by the log up to the very entry that it will stand on, so
 * that every stored change is one that changed something. Pure.
 */

import {
  changeRefusal,
  fold,
  type Change,
  type ChatError,
  type Entry,
  type Message,
  type Ms,
  type Seq,
  type UserId,
} from 'mini-chat/protocol';
import { type Draft, entryOf } from './draft.ts';
import type { Pending } from './draft-queue.ts';
import type { KnownMessages } from './room-views.ts';
import { isChange, targetOf } from './store-entry.ts';
import type { ReactionKey } from './store.ts';

/** A draft that says something about an earlier message. */
export type ChangeDraft = Extract<Draft, { readonly kind: Change['kind'] }>;

/** What has to be known before these drafts can be checked. */
export function askedBy(batch: readonly Pending[]): {
  readonly targets: ReadonlySet<Seq>;
  readonly reactors: readonly ReactionKey[];
} {
  const targets = new Set<Seq>();
  const reactors = new Map<string, ReactionKey>();
  for (const { draft } of batch) {
    if (!isChange(draft)) continue;
    const { target } = draft.body;
    targets.add(target);
    const { id: user } = draft.user;
    if (draft.kind === 'react') reactors.set(reactorKey(target, user), { target, user });
  }
  return { targets, reactors: [...reactors.values()] };
}

/** What became of a batch. All three are in the order of the batch. */
export interface Checked {
  readonly admitted: readonly Pending[];
  /** Those that were admitted, in their places. */
  readonly entries: readonly Entry[];
  readonly refused: readonly (readonly [Pending, ChatError])[];
  /** Their answer depends on what was admitted, and may never be stored: check again after it. */
  readonly rest: readonly Pending[];
}

/** Gives each valid draft its place after the head; all that is not valid is set aside. */
export function checkBatch(
  batch: readonly Pending[],
  state: TargetState,
  { head, at }: { readonly head: Seq; readonly at: Ms },
): Checked {
  const [admitted, entries]: [Pending[], Entry[]] = [[], []];
  const refused: [Pending, ChatError][] = [];
  const touched = new Set<Seq>();
  for (const [place, pending] of batch.entries()) {
    const { draft, id } = pending;
    const refusal = isChange(draft) ? state.refusalOf(draft) : undefined;
    const entry = entryOf(draft, { seq: head + entries.length + 1, id, at });
    const target = targetOf(entry);
    if (refusal === undefined) {
      admitted.push(pending);
      entries.push(entry);
      state.apply(entry);
      touched.add(target ?? entry.seq);
    } else if (target !== undefined && touched.has(target)) {
      return { admitted, entries, refused, rest: batch.slice(place) };
    } else refused.push([pending, refusal]);
  }
  return { admitted, entries, refused, rest: [] };
}

/** What is known of the messages that some drafts are about, as of an entry. */
export class TargetState {
  /** Undefined where there is no message. */
  readonly #messages = new Map<Seq, Message | undefined>();
  readonly #emoji = new Map<string, Set<string>>();

  constructor(targets: ReadonlySet<Seq>, { messages, reactions }: KnownMessages) {
    for (const target of targets) this.#messages.set(target, messages.get(target));
    for (const { target, user, emoji } of reactions) {
      this.#emoji.set(reactorKey(target, user), new Set(emoji));
    }
  }

  /** Takes in the entry that comes next in the log. */
  apply(entry: Entry): void {
    if (entry.kind === 'message' && this.#messages.has(entry.seq)) {
      this.#messages.set(entry.seq, entry);
    }
    if (!isChange(entry)) return;
    const message = this.#messages.get(entry.body.target);
    if (message !== undefined) this.#messages.set(message.seq, fold(message, entry));
    if (entry.kind !== 'react') return;
    const { target, emoji, on } = entry.body;
    const own = this.#emoji.get(reactorKey(target, entry.user.id));
    if (on) own?.add(emoji);
    else own?.delete(emoji);
  }

  /** Why the draft cannot be the next entry; undefined when it can. */
  refusalOf(draft: ChangeDraft): ChatError | undefined {
    const { target } = draft.body;
    const own = this.#emoji.get(reactorKey(target, draft.user.id));
    const hasReacted = draft.kind === 'react' && !!own?.has(draft.body.emoji);
    return changeRefusal(draft, this.#messages.get(target), hasReacted);
  }
}

const reactorKey = (target: Seq, user: UserId): string => `${target} ${user}`;
