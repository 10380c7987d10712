/**
 * What the element does between a change and a render: follows the room, counts, announces, tells
 * the page, and acts for the reader. Draws nothing; `views-chat.ts` draws from what is public here.
 */

import {
  ChatError,
  type Refusal,
  type RoomSnapshot,
  type Row,
  type Status,
} from '../client/client.ts';
import type { Cid, Message } from '../protocol/ops.ts';
import { Announcer } from './announcer.ts';
import { Composer } from './composer.ts';
import {
  MiniChatBeforeSendEvent,
  MiniChatErrorEvent,
  MiniChatMessageEvent,
  MiniChatReadyEvent,
  MiniChatSendEvent,
  MiniChatStatusEvent,
  MiniChatUnreadEvent,
} from './events.ts';
import { Language, type Overrides, untilMidnight } from './language.ts';
import { LogReader } from './log-reader.ts';
import { NameForm } from './name-form.ts';
import { type LinkSettings, RoomLink } from './room-link.ts';
import { StatusLine, type StatusWord } from './status-line.ts';

export interface ChatHost {
  requestUpdate(): void;
  dispatchEvent(event: Event): boolean;
  /** Puts the reader where they write, after the next render. */
  focusWriter(): void;
}

export interface ChatSettings extends LinkSettings {
  readonly lang: string;
  readonly messages: Overrides | undefined;
}

/** Before there is a room to ask. */
const NO_ROOM: RoomSnapshot = {
  status: 'closed',
  can: [],
  limits: { textMax: Infinity, frameBytesMax: Infinity, roomsMax: Infinity },
  rows: [],
  hasOlder: false,
  isLoadingOlder: false,
  head: 0,
  resets: 0,
};

/** How long a tick says that the text was copied. */
const COPIED_MS = 1500;

/** One element's chat. `open`, `take` and `settle` belong to each render; `close` ends all timers. */
export class Chat {
  language = new Language('en');
  word: StatusWord | undefined;
  copiedKey: string | undefined;
  /** The room was caught up at least once, so an empty log is an empty room. */
  isReady = false;
  readonly reader: LogReader;
  readonly composer: Composer;
  readonly nameForm: NameForm;
  readonly announcer: Announcer;
  readonly #host: ChatHost;
  readonly #link: RoomLink;
  readonly #statusLine = new StatusLine();
  #messages: Overrides | undefined;
  #roomId = '';
  #lastStatus: Status | undefined;
  #lastUnread = 0;
  #failed = new Set<Cid>();
  #copiedUntil = 0;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ChatHost) {
    const changed = (): void => host.requestUpdate();
    this.#host = host;
    this.#link = new RoomLink({ changed, heard: (message) => this.#hear(message) });
    this.reader = new LogReader({ requestUpdate: changed, loadOlder: () => this.loadOlder() });
    this.composer = new Composer({ submit: (text) => this.#submit(text), changed });
    this.nameForm = new NameForm(changed);
    this.announcer = new Announcer(changed, (count) => this.language.say('newMessages', { count }));
  }

  get snapshot(): RoomSnapshot {
    const { fault } = this.#link;
    if (fault) return { ...NO_ROOM, status: 'refused', refusal: fault };
    return this.#link.snapshot ?? NO_ROOM;
  }

  get room(): string {
    return this.#roomId;
  }

  /** Follows the settings: language, client, room. */
  open(settings: ChatSettings): void {
    if (settings.lang !== this.language.asked || settings.messages !== this.#messages) {
      this.#messages = settings.messages;
      this.language = new Language(settings.lang, settings.messages);
    }
    if (settings.room !== this.#roomId) this.#enter(settings.room);
    this.#link.open(settings);
  }

  /** Before a render: what it will show. */
  take(now: number, page: { isVisible: boolean; isInside: boolean }): void {
    const { snapshot } = this;
    const { client } = this.#link;
    const { status, user } = snapshot;
    if (client && user) this.composer.open(`${client.server.host}:${user.id}:${this.#roomId}`);
    this.reader.take(snapshot, page);
    const isUnsaved =
      snapshot.storageFault !== undefined && (snapshot.rows.at(-1)?.state ?? 'sent') !== 'sent';
    const { word, wakeAt = Infinity } = this.#statusLine.next({ status, isUnsaved }, now);
    this.word = word;
    if (now >= this.#copiedUntil) this.copiedKey = undefined;
    const wakes = [wakeAt, now + untilMidnight(now), this.copiedKey ? this.#copiedUntil : Infinity];
    this.#wakeIn(Math.min(...wakes) - now);
  }

  /** After a render: the page hears what the reader can see now. */
  settle(): void {
    const { snapshot } = this;
    const { status, refusal } = snapshot;
    if (status !== this.#lastStatus && status !== 'closed') {
      this.#lastStatus = status;
      this.#host.dispatchEvent(new MiniChatStatusEvent(status));
      if (status === 'refused' && refusal) this.#fail(refusal);
      if (status === 'live') this.#becomeLive(snapshot);
    }
    if (this.reader.unread !== this.#lastUnread) {
      this.#lastUnread = this.reader.unread;
      this.#host.dispatchEvent(new MiniChatUnreadEvent(this.#lastUnread));
    }
    this.#tellFailed(snapshot.rows);
  }

  /** Lets go of room, timers and document; `open` takes them up again. */
  close(): void {
    this.#link.close();
    this.reader.close();
    this.composer.flush();
    this.announcer.close();
    clearTimeout(this.#wakeTimer);
  }

  /** Sends a text as it is. Throws `ChatError` when it cannot be taken. */
  send(text: string): Cid {
    const room = this.#link.room;
    if (room === undefined) throw new ChatError('not_joined', {});
    const cid = room.send(text);
    this.reader.jump();
    this.#host.dispatchEvent(new MiniChatSendEvent(text, cid));
    return cid;
  }

  loadOlder(): void {
    this.reader.hasOlderFailed = false;
    this.#link.room?.loadOlder().catch((error: unknown) => {
      this.reader.hasOlderFailed = true;
      this.#fail(refusalOf(error));
      this.#host.requestUpdate();
    });
    this.#host.requestUpdate();
  }

  reconnect(): void {
    this.#link.client?.reconnect();
  }

  async submitName(name: string): Promise<void> {
    const { client } = this.#link;
    if (client && (await this.nameForm.submit(client, name))) this.#host.focusWriter();
  }

  cancelName(): void {
    this.nameForm.cancel();
    this.#host.focusWriter();
  }

  openName(): void {
    this.nameForm.open();
    this.#host.focusWriter();
  }

  retry({ cid }: Row): void {
    this.#failed.delete(cid);
    this.#link.room?.retry(cid);
    this.#host.focusWriter();
  }

  discard({ cid }: Row): void {
    this.#failed.delete(cid);
    this.#link.room?.discard(cid);
    this.#host.focusWriter();
  }

  async copy({ key, text }: Row): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      // The browser said no (a policy, or no focus): the reader hears it, the page is told.
      this.announcer.say(this.language.say('error_copy'));
      this.#fail({ code: 'copy', message: error instanceof Error ? error.message : '' });
      return;
    }
    this.copiedKey = key;
    this.#copiedUntil = Date.now() + COPIED_MS;
    this.announcer.say(this.language.say('copied'));
  }

  #enter(room: string): void {
    this.#roomId = room;
    this.isReady = false;
    this.#lastStatus = undefined;
    this.#failed.clear();
    this.reader.reset();
  }

  #becomeLive({ user }: RoomSnapshot): void {
    this.reader.hasOlderFailed = false;
    const room = this.#link.room;
    if (this.isReady || room === undefined) return;
    this.isReady = true;
    this.#host.dispatchEvent(new MiniChatReadyEvent(room.id, user));
    this.#host.requestUpdate();
  }

  #hear(message: Message): void {
    const isOwn = message.user.id === this.snapshot.user?.id;
    this.#host.dispatchEvent(new MiniChatMessageEvent(message, isOwn));
    if (isOwn) return;
    const facts = { name: message.user.name, text: message.body.text };
    this.announcer.hear(this.language.say('heard', facts));
  }

  #submit(text: string): boolean {
    const event = new MiniChatBeforeSendEvent(text);
    if (!this.#host.dispatchEvent(event)) return false;
    if (event.text.trim() === '') return true;
    try {
      this.send(event.text);
      return true;
    } catch (error) {
      const refusal = refusalOf(error);
      this.composer.fault = this.language.error(refusal.code, refusal.message);
      this.#fail(refusal);
      this.#host.requestUpdate();
      return false;
    }
  }

  /** Drafts are at the end of the rows, so looking for failed ones is looking at the last few. */
  #tellFailed(rows: readonly Row[]): void {
    for (let i = rows.length - 1; rows[i]?.state !== 'sent' && i >= 0; i -= 1) {
      const row = rows[i];
      if (row?.failure === undefined || this.#failed.has(row.cid)) continue;
      this.#failed.add(row.cid);
      this.#fail(row.failure);
      this.announcer.say(`${this.language.say('notSent')}: ${row.text}`);
    }
  }

  #fail({ code, message }: Refusal): void {
    this.#host.dispatchEvent(new MiniChatErrorEvent(code, message));
  }

  #wakeIn(ms: number): void {
    clearTimeout(this.#wakeTimer);
    this.#wakeTimer = setTimeout(() => this.#host.requestUpdate(), Math.max(0, ms) + 1);
  }
}

/** An expected error as a refusal; anything else is a bug, and goes to the page's console. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ChatError)) throw error;
  return { code: error.code, message: error.message };
}
