/**
 * What the element tells its page. Each event bubbles and crosses shadow roots. None is fired
 * because the page itself set a property: a page knows what it did.
 */

import type { Status } from '../client/client.ts';
import type { Cid, Message, RoomId, User } from '../protocol/ops.ts';

/** The root of all events here: they bubble, and shadow roots do not stop them. */
abstract class MiniChatEvent extends Event {
  constructor(type: string, options: EventInit = {}) {
    super(type, { bubbles: true, composed: true, ...options });
  }
}

/** The room is caught up for the first time: what was missed is on the screen. */
export class MiniChatReadyEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-ready';
  readonly room: RoomId;
  readonly user: User | undefined;

  constructor(room: RoomId, user: User | undefined) {
    super(MiniChatReadyEvent.type);
    this.room = room;
    this.user = user;
  }
}

/** A message came in just now, from anyone; history does not fire. */
export class MiniChatMessageEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-message';
  readonly message: Message;
  /** Whether this user wrote it, here or in another tab. */
  readonly isOwn: boolean;

  constructor(message: Message, isOwn: boolean) {
    super(MiniChatMessageEvent.type);
    this.message = message;
    this.isOwn = isOwn;
  }
}

/**
 * The reader pressed Send. `preventDefault()` keeps the text in the composer, unsent. A listener
 * may write another `text`; an empty one sends nothing and clears the composer.
 */
export class MiniChatBeforeSendEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-before-send';
  text: string;

  constructor(text: string) {
    super(MiniChatBeforeSendEvent.type, { cancelable: true });
    this.text = text;
  }
}

/** A message was taken: it is on the screen and will be sent, now or when there is a connection. */
export class MiniChatSendEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-send';
  readonly text: string;
  /** The same as in the message that comes back. */
  readonly cid: Cid;

  constructor(text: string, cid: Cid) {
    super(MiniChatSendEvent.type);
    this.text = text;
    this.cid = cid;
  }
}

/** The connection changed. `live` means caught up, not merely open. */
export class MiniChatStatusEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-status';
  readonly status: Status;

  constructor(status: Status) {
    super(MiniChatStatusEvent.type);
    this.status = status;
  }
}

/** The number of messages nobody has seen here changed: the reader was elsewhere. */
export class MiniChatUnreadEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-unread';
  readonly count: number;

  constructor(count: number) {
    super(MiniChatUnreadEvent.type);
    this.count = count;
  }
}

/** Something the reader wanted did not work. The element shows its own words for it as well. */
export class MiniChatErrorEvent extends MiniChatEvent {
  static readonly type = 'mini-chat-error';
  /** One of the protocol's codes; match on this. */
  readonly code: string;
  readonly message: string;

  constructor(code: string, message: string) {
    super(MiniChatErrorEvent.type);
    this.code = code;
    this.message = message;
  }
}

/** Event types by name; `HTMLElementEventMap` takes them over where the element is defined. */
export interface MiniChatEventMap {
  'mini-chat-ready': MiniChatReadyEvent;
  'mini-chat-message': MiniChatMessageEvent;
  'mini-chat-before-send': MiniChatBeforeSendEvent;
  'mini-chat-send': MiniChatSendEvent;
  'mini-chat-status': MiniChatStatusEvent;
  'mini-chat-unread': MiniChatUnreadEvent;
  'mini-chat-error': MiniChatErrorEvent;
}

declare global {
  interface HTMLElementEventMap extends MiniChatEventMap {}
}
