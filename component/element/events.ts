/**
 * What the element tells its page: `CustomEvent`s that bubble and cross shadow roots. None is fired
 * because the page itself set a property: a page knows what it did.
 */

import type { Status } from '../client/client.ts';
import type { Cid, Message, RoomId, Seq, User } from '../protocol/ops.ts';

/** Of `mini-chat-ready`. */
export interface ReadyDetail {
  readonly room: RoomId;
  readonly user: User | undefined;
}

/** Of `mini-chat-message`. */
export interface MessageDetail {
  readonly message: Message;
  /** Whether this user wrote it, here or in another tab. */
  readonly isOwn: boolean;
}

/** Of `mini-chat-before-send`. */
export interface BeforeSendDetail {
  /** A listener may change it; an empty one sends nothing and clears the composer. */
  text: string;
}

/** Of `mini-chat-send`. */
export interface SendDetail {
  readonly text: string;
  /** The same as in the message that comes back. */
  readonly cid: Cid;
}

/** Of `mini-chat-status`. */
export interface StatusDetail {
  /** `live` means caught up, not merely open. */
  readonly status: Status;
}

/** Of `mini-chat-unread`. */
export interface UnreadDetail {
  readonly count: number;
}

/** Of `mini-chat-error`. */
export interface ErrorDetail {
  /** One of the protocol's codes, or of the element's own; match on this. */
  readonly code: string;
  readonly message: string;
}

/** Of `mini-chat-permalink`. */
export interface PermalinkDetail {
  readonly room: string;
  /** The message's place in its room, for ever. */
  readonly seq: Seq;
  /** What will be copied: this page with `#mini-chat-<room>-<seq>`. A page may say a better one. */
  url: string;
}

/** The events by name. */
export interface MiniChatEventMap {
  /** The room is caught up for the first time: what was missed is on the screen. */
  'mini-chat-ready': CustomEvent<ReadyDetail>;
  /** A message came in just now, from anyone; history does not fire. */
  'mini-chat-message': CustomEvent<MessageDetail>;
  /** The reader pressed Send. `preventDefault()` keeps the text in the composer, unsent. */
  'mini-chat-before-send': CustomEvent<BeforeSendDetail>;
  /** A message was taken: it is on the screen and will be sent, now or later. */
  'mini-chat-send': CustomEvent<SendDetail>;
  /** The connection changed. */
  'mini-chat-status': CustomEvent<StatusDetail>;
  /** A launcher's panel opened. `detail` is null. */
  'mini-chat-open': CustomEvent<null>;
  /** A launcher's panel closed: the launcher's button is back. `detail` is null. */
  'mini-chat-close': CustomEvent<null>;
  /** The number of messages that came while the reader was elsewhere changed. */
  'mini-chat-unread': CustomEvent<UnreadDetail>;
  /** The reader wants a link to a message. `preventDefault()`: the page gives it in its own way. */
  'mini-chat-permalink': CustomEvent<PermalinkDetail>;
  /** Something the reader wanted did not work. The element shows its own words for it as well. */
  'mini-chat-error': CustomEvent<ErrorDetail>;
}

/** Fires one. Returns whether nobody cancelled it: two can be. */
export function fire<Type extends keyof MiniChatEventMap>(
  host: EventTarget,
  type: Type,
  detail: MiniChatEventMap[Type]['detail'],
): boolean {
  const cancelable = type === 'mini-chat-before-send' || type === 'mini-chat-permalink';
  return host.dispatchEvent(
    new CustomEvent(type, { detail, cancelable, bubbles: true, composed: true }),
  );
}

declare global {
  interface HTMLElementEventMap extends MiniChatEventMap {}
}
