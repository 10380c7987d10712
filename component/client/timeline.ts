/**
 * Entries and drafts become the rows that a reader sees. Pure: no clock, no sockets.
 * Applies only the entry that follows the last one, so that a gap can never go unseen.
 */

import type { Cid, EntryId, Ms, Seq, User } from '../protocol/ops.ts';

/** What the log view draws for one message or one draft. */
export interface Row {
  /** The same from draft to message, and unique in its room. */
  readonly key: string;
  readonly state: 'sent' | 'sending' | 'failed';
  readonly cid: Cid;
  readonly seq?: Seq;
  readonly id?: EntryId;
  readonly user: User;
  readonly at: Ms;
  readonly text: string;
  readonly replyTo?: Seq;
  /** Why a draft was refused; only with state `failed`. */
  readonly failure?: { readonly code: string; readonly message: string };
}
