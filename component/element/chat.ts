/**
 * What the element does between a change and a render: follows the room, counts, announces, tells
 * the page, and acts for the reader. Draws nothing; the views draw from what is public here.
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
import { fire } from './events.ts';
import { languageOf, type Overrides, untilMidnight } from './language.ts';
import { LogReader } from './log-reader.ts';
import { type LinkSettings, RoomLink } from './room-link.ts';
import { StatusLine, type StatusWord } from './status-line.ts';

/** The element, as far as its chat needs it. */
interface ChatHost extends EventTarget {
  requestUpdate(): void;
  /** Puts the reader where they write. */
  focus(): void;
  readonly updateComplete: Promise<void>;
}

interface ChatSettings extends LinkSettings {
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

/** One element's chat. `open`, `take`, `settle` belong to each render; `close` ends all timers. */
export class Chat {
  language = languageOf('en');
  room = '';
  /** As of the render under way. */
  snapshot: RoomSnapshot = NO_ROOM;
  word: StatusWord | undefined;
  copiedKey: string | undefined;
  /** The room was caught up at least once, so an empty log is an empty room. */
  isReady = false;
  isNameBusy = false;
  nameFault = '';
  readonly reader: LogReader;
  readonly composer: Composer;
  readonly announcer: Announcer;
  readonly #host: ChatHost;
  readonly #link: RoomLink;
  readonly #statusLine = new StatusLine();
  #lastStatus: Status | undefined;
  #lastUnread = 0;
  readonly #failed = new Set<Cid>();
  #copiedUntil = Infinity;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ChatHost) {
    const changed = (): void => host.requestUpdate();
    this.#host = host;
    this.#link = new RoomLink({ changed, heard: (message) => this.#hear(message) });
    this.reader = new LogReader({ requestUpdate: changed, loadOlder: () => void this.loadOlder() });
    this.composer = new Composer({ submit: (text) => this.#submit(text), changed });
    this.announcer = new Announcer(changed, (count) => this.language.say('newMessages', { count }));
  }

  /** Why the chat is closed to this reader, if it is. */
  get refusal(): Refusal | undefined {
    return this.snapshot.status === 'refused' ? this.snapshot.refusal : undefined;
  }

  /** Follows the settings: language, client, room. */
  open(settings: ChatSettings): void {
    const { lang, messages, room } = settings;
    if (!this.language.isFor(lang, messages)) this.language = languageOf(lang, messages);
    if (room !== this.room) {
      this.room = room;
      this.isReady = false;
      this.#lastStatus = undefined;
      this.reader.reset();
    }
    this.#link.open(settings);
  }

  /** Before a render: what it will show. */
  take(now: number, page: { isVisible: boolean; isInside: boolean }): void {
    const { client, fault, room } = this.#link;
    const snapshot = room?.snapshot ?? NO_ROOM;
    this.snapshot = fault ? { ...NO_ROOM, status: 'refused', refusal: fault } : snapshot;
    const { status, user, rows, storageFault } = this.snapshot;
    if (client && user) this.composer.open(`${client.server.host} ${user.id} ${this.room}`);
    this.reader.take(this.snapshot, page);
    const isUnsaved = storageFault !== undefined && (rows.at(-1)?.state ?? 'sent') !== 'sent';
    const { word, wakeAt = Infinity } = this.#statusLine.next({ status, isUnsaved }, now);
    this.word = word;
    if (now >= this.#copiedUntil) {
      this.copiedKey = undefined;
      this.#copiedUntil = Infinity;
    }
    clearTimeout(this.#wakeTimer);
    const wait = Math.min(wakeAt - now, this.#copiedUntil - now, untilMidnight(now));
    this.#wakeTimer = setTimeout(() => this.#host.requestUpdate(), wait + 1);
  }

  /** After a render: the page hears what the reader can see now. */
  settle(): void {
    const { status, refusal, rows } = this.snapshot;
    if (status !== this.#lastStatus && status !== 'closed') {
      this.#lastStatus = status;
      fire(this.#host, 'mini-chat-status', { status });
      if (status === 'refused' && refusal) this.#fail(refusal);
      if (status === 'live') this.#becomeLive();
    }
    const count = this.reader.unread;
    if (count !== this.#lastUnread) fire(this.#host, 'mini-chat-unread', { count });
    this.#lastUnread = count;
    this.#tellFailed(rows);
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
    const { room } = this.#link;
    if (!room) throw new ChatError('not_joined', {});
    const cid = room.send(text);
    this.reader.jump();
    fire(this.#host, 'mini-chat-send', { text, cid });
    return cid;
  }

  async loadOlder(): Promise<void> {
    this.reader.hasOlderFailed = false;
    try {
      await this.#link.room?.loadOlder();
    } catch (error) {
      this.reader.hasOlderFailed = true;
      this.#fail(refusalOf(error));
    }
    this.#host.requestUpdate();
  }

  reconnect(): void {
    this.#link.client?.reconnect();
  }

  /** Takes a name for the guest, or says why not. */
  async submitName(name: string): Promise<void> {
    const { client } = this.#link;
    if (!client || this.isNameBusy) return;
    this.isNameBusy = true;
    this.nameFault = '';
    this.#host.requestUpdate();
    try {
      await client.setName(name);
    } catch (error) {
      this.nameFault = this.language.error(refusalOf(error));
    }
    this.isNameBusy = false;
    this.focusWriter();
  }

  retry({ cid }: Row): void {
    this.#link.room?.retry(cid);
    this.focusWriter();
  }

  discard({ cid }: Row): void {
    this.#link.room?.discard(cid);
    this.focusWriter();
  }

  async copy({ key, text }: Row): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copiedKey = key;
      this.#copiedUntil = Date.now() + COPIED_MS;
      this.announcer.say(this.language.say('copied'));
    } catch (error) {
      // The browser said no (a policy, or no focus): the reader hears it, the page is told.
      this.#fail({ code: 'copy', message: String(error) });
    }
  }

  /** Puts the reader where they write, once what they did is drawn. */
  focusWriter(): void {
    this.#host.requestUpdate();
    void this.#host.updateComplete.then(() => this.#host.focus());
  }

  #becomeLive(): void {
    this.reader.hasOlderFailed = false;
    const { room } = this.#link;
    if (this.isReady || !room) return;
    this.isReady = true;
    fire(this.#host, 'mini-chat-ready', { room: room.id, user: this.snapshot.user });
    this.#host.requestUpdate();
  }

  #hear(message: Message): void {
    const isOwn = message.user.id === this.#link.room?.snapshot.user?.id;
    fire(this.#host, 'mini-chat-message', { message, isOwn });
    if (!isOwn) this.announcer.hear(`${message.user.name}: ${message.body.text}`);
  }

  #submit(text: string): boolean {
    const detail = { text };
    if (this.composer.left(this.snapshot.limits.textMax) < 0) return false;
    if (!fire(this.#host, 'mini-chat-before-send', detail)) return false;
    if (detail.text.trim() === '') return true;
    try {
      this.send(detail.text);
      return true;
    } catch (error) {
      this.composer.fault = this.#fail(refusalOf(error));
      this.#host.requestUpdate();
      return false;
    }
  }

  /** Drafts are at the end of the rows, so looking for failed ones is looking at the last few. */
  #tellFailed(rows: readonly Row[]): void {
    for (let i = rows.length - 1; i >= 0; i -= 1) {
      const { state = 'sent', cid, failure, text } = rows[i] ?? {};
      if (state === 'sent' || cid === undefined) return;
      if (!failure) this.#failed.delete(cid);
      else if (!this.#failed.has(cid)) {
        this.#failed.add(cid);
        this.announcer.say(`${this.language.say('notSent')}: ${text}`, this.#fail(failure));
      }
    }
  }

  /** Tells the page, and returns words for the reader. */
  #fail({ code, message }: Refusal): string {
    fire(this.#host, 'mini-chat-error', { code, message });
    return this.language.error({ code, message });
  }
}

/** An expected error as a refusal; anything else is a bug, and goes to the page's console. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ChatError)) throw error;
  return { code: error.code, message: error.message };
}
