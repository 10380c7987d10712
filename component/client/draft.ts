/** What was written here and is not in the log yet, as it is kept in the browser's storage. */

import type { Cid, Content, Epoch, Kind, Ms, RoomId, Seq } from '../protocol/ops.ts';
import { isCid, isRoomId, isSeq } from '../protocol/parse.ts';
import type { Refusal } from './refusal.ts';

/** An entry that is not in the log yet, as far as we know. */
export type Draft<K extends Kind = Kind> = Content<K> & {
  readonly room: RoomId;
  readonly cid: Cid;
  readonly at: Ms;
  /** The log that it was written for: in another one, a change would hit another message. */
  readonly epoch?: Epoch | undefined;
  /** Refused: it waits for Retry or Discard while later ones go on. */
  readonly failure?: Refusal | undefined;
  /** Acknowledged: stored at this seq, but the entry itself has not come yet. */
  readonly ack?: Seq | undefined;
};

/** Whether a draft still has to reach the server. */
export function isUnsent(draft: Draft): boolean {
  return !draft.ack && !draft.failure;
}

/** The drafts among what storage has; the page's other scripts can write there too. */
export function draftsAmong(kept: unknown): readonly Draft[] {
  return Object.values(Object(kept) as object)
    .map(asDraft)
    .filter(isDraft);
}

/** Before there were kinds, all drafts were messages. */
const asDraft = (value: object): unknown => ({ kind: 'message', ...value });

function isDraft(value: unknown): value is Draft {
  const { room, cid, at, kind, body } = value as Partial<Draft>;
  const { text, target, emoji } = { ...body } as Readonly<Record<string, unknown>>;
  const hasBody = /^(message|notice)$/.test(`${kind}`)
    ? typeof text === 'string'
    : isSeq(target) && typeof (text ?? emoji ?? '') === 'string';
  return hasBody && typeof at === 'number' && isRoomId(room) && isCid(cid);
}
