/** One row of a log: a line with what later entries did to it, as one reader sees it. Pure. */

import { asRead, fold } from '../protocol/fold.ts';
import type {
  Change,
  Cid,
  Content,
  Entry,
  EntryId,
  Line,
  Message,
  Ms,
  Reaction,
  Seq,
  User,
  UserId,
} from '../protocol/ops.ts';
import type { Refusal } from './refusal.ts';

/** One emoji on a message, as this reader sees it. */
export type RowReaction = Reaction & { readonly mine: boolean };

/** What a reply answers, in short. */
export interface Quote {
  readonly seq: Seq;
  readonly user: User;
  readonly text: string;
  readonly deleted?: true;
}

/** What the log view draws for one message, one notice, or one draft of them. */
export interface Row {
  /** The same from draft to message, and unique in its room. */
  readonly key: string;
  readonly kind: 'message' | 'notice';
  readonly state: 'sent' | 'sending' | 'failed';
  readonly cid: Cid;
  readonly seq?: Seq | undefined;
  readonly id?: EntryId;
  readonly user: User;
  readonly at: Ms;
  /** Empty when it was deleted. */
  readonly text: string;
  readonly replyTo?: Seq | undefined;
  /** What it answers; absent until that is known, and `gone` when it is not kept any more. */
  readonly quote?: Quote | 'gone';
  /** When its text was changed last. */
  readonly edited?: Ms;
  readonly deleted?: true;
  readonly pinned?: true;
  /** In order of first use; absent when there is none. */
  readonly reactions?: readonly RowReaction[] | undefined;
  /** It shows an own change that no server has acknowledged yet. */
  readonly pending?: true;
  /** Why a draft was refused, with state `failed`; or an own change, which is not shown then. */
  readonly failure?: Refusal | undefined;
  /** The refused change; to be given to `retry` or `discard`. */
  readonly failedCid?: Cid;
}

/** A row of the log: the line as it is after all entries that are here, with what a row adds. */
export type LogRow = Row & Line & { readonly asOf?: Seq | undefined };

/** `own`: this reader's reactions that the capped lists of users may not show. */
export function rowOf(given: Line, me: UserId | undefined, own: readonly string[] = []): LogRow {
  const line: Line = asRead(given);
  const { user, cid } = line;
  const { text, replyTo }: Partial<Message['body']> & Line['body'] = line.body;
  const { reactions } = line as Partial<Message>;
  return {
    ...line,
    // A cid is unique per user only: a stranger may copy ours. A cid has no colon in it.
    key: user.id === me ? cid : `${user.id}:${cid}`,
    state: 'sent',
    text,
    replyTo,
    reactions: reactions?.map((one) => ({
      ...one,
      mine: own.includes(one.emoji) || one.users.some(({ id }) => id === me),
    })),
  } as LogRow;
}

/** The emoji that this reader put there. */
export const ownOf = ({ reactions = [] }: Row): readonly string[] =>
  reactions.filter(({ mine }) => mine).map(({ emoji }) => emoji);

/** The row after an entry about it, unless that was in the page already. */
export function changed(row: LogRow, change: Change, me: UserId | undefined): LogRow {
  if (row.kind !== 'message' || change.seq <= (row.asOf ?? 0)) return row;
  const { kind, body, user } = change;
  const own = ownOf(row);
  const next = fold(row, change);
  if (next === row) return row;
  if (kind !== 'react' || user.id !== me) return rowOf(next, me, own);
  return rowOf(next, me, body.on ? [...own, body.emoji] : own.filter((one) => one !== body.emoji));
}

/** Kinds that this version does not draw have their place in the log all the same. */
export function isLine(entry: Entry | Line): entry is Line {
  return /^(message|notice)$/.test(entry.kind) && typeof (entry as Line).body.text === 'string';
}

/** What a reader is told of: messages that are not deleted by now. */
export function messagesIn(entries: readonly Entry[]): readonly Message[] {
  const lines = entries.filter(isLine).map(asRead);
  return lines.filter((line) => line.kind === 'message' && !line.deleted) as readonly Message[];
}

/** It says something about an earlier line. */
export function isChange<Given extends Content>(
  given: Given,
): given is Extract<Given, Content<Change['kind']>> {
  return 'target' in given.body;
}
