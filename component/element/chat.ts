/**
 * What the element does between a change and a render: follows the room, counts, announces, tells
 * the page, and acts for the reader. Draws nothing; the views draw from what is public here.
 */

import { html, nothing } from 'lit/html.js';
import {
  type ChatClient,
  ChatError,
  type Refusal,
  type Room,
  type RoomSnapshot,
  type Row,
  type Status,
} from '../client/client.ts';
import type { Cid, Message, Seq } from '../protocol/ops.ts';
import { Announcer } from './announcer.ts';
import { Composer } from './composer.ts';
import { fire } from './events.ts';
import type { Actions, ActionsFile, Extras, ExtrasFile, ExtrasHost, ExtrasKit } from './kit.ts';
import { languageOf, type Overrides, untilMidnight } from './language.ts';
import { LogReader } from './log-reader.ts';
import { endLink, linkedSeq } from './message-link.ts';
import { NameForm } from './name-form.ts';
import { type LinkSettings, NO_ROOM, RoomLink } from './room-link.ts';
import { type Saying, StatusLine, type StatusWord } from './status-line.ts';

/** The element, as far as its chat needs it. */
interface ChatHost extends ExtrasHost {
  readonly renderRoot: ShadowRoot;
  requestUpdate(): void;
  readonly updateComplete: Promise<void>;
}

interface ChatSettings extends LinkSettings {
  readonly lang: string;
  readonly messages: Overrides | undefined;
}

/** What happened while the second file was on its way: more than a reader does, and no more. */
const ACTS_MAX = 50;

/** One element's chat. `open`, `take`, `settle` belong to each render; `close` ends all timers. */
export class Chat implements ExtrasKit {
  readonly html = html;
  readonly nothing: typeof nothing = nothing;
  readonly host: ChatHost;
  language = languageOf('en');
  roomId = '';
  /** What the second file does; undefined until it was needed. */
  actions: Actions | undefined;
  extras: Extras | undefined;
  #hasAskedMore = false;
  /** As of the render under way. */
  snapshot: RoomSnapshot = NO_ROOM;
  word: StatusWord | undefined;
  /** The room was caught up at least once, so an empty log is an empty room. */
  isReady = false;
  /** Another one: rows are to be drawn again though nothing of theirs changed. */
  stamp = 0;
  readonly reader: LogReader;
  readonly composer: Composer;
  readonly nameForm = new NameForm(this);
  readonly announcer: Announcer;
  readonly #link: RoomLink;
  readonly #statusLine = new StatusLine();
  #lastStatus: Status | undefined;
  #lastUnread = 0;
  readonly #acts: Event[] = [];
  readonly #failed = new Set<Cid>();
  /** Newer notices are news; history is silent. */
  #heardTo = Infinity;
  #wakeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ChatHost) {
    const changed = (): void => host.requestUpdate();
    this.host = host;
    this.#link = new RoomLink({ changed, heard: (message) => this.#hear(message) });
    this.reader = new LogReader({ requestUpdate: changed, loadOlder: () => void this.loadOlder() });
    this.composer = new Composer({
      submit: (text) => this.#submit(text),
      changed,
      typing: (on) => this.room?.typing(on),
      input: () => host.renderRoot.querySelector('textarea'),
    });
    this.announcer = new Announcer(changed, (count) => this.language.say('newMessages', { count }));
  }

  get root(): ShadowRoot {
    return this.host.renderRoot;
  }

  get client(): ChatClient | undefined {
    return this.#link.client;
  }

  get room(): Room | undefined {
    return this.#link.room;
  }

  /** Messages of others that this reader has not seen. */
  get unread(): number {
    return this.snapshot.unread;
  }

  /** Why the chat is closed to this reader, if it is. */
  get refusal(): Refusal | undefined {
    return this.snapshot.status === 'refused' ? this.snapshot.refusal : undefined;
  }

  /** Follows the settings: language, room, and the client once somebody wants to see it. */
  open(settings: ChatSettings, isWanted: boolean): void {
    const { lang, messages, room } = settings;
    if (!this.language.isFor(lang, messages)) {
      const { moment, time } = (this.language = languageOf(lang, messages));
      // Made while the server is waited for, and not while what it has is drawn.
      setTimeout(() => [time(0), moment(0)]);
    }
    if (room !== this.roomId) {
      this.roomId = room;
      this.isReady = false;
      this.#lastStatus = undefined;
      this.reader.reset();
    }
    if (isWanted) this.#link.open(settings);
  }

  /** Before a render: what it will show. */
  take(now: number, page: { isVisible: boolean; isInside: boolean }): void {
    const { client, fault, room } = this.#link;
    const closed = { snapshot: NO_ROOM, markRead: () => undefined };
    if (fault) closed.snapshot = { ...NO_ROOM, status: 'refused', refusal: fault };
    this.snapshot = this.reader.take(room ?? closed, page);
    const { status, user, rows, storageFault } = this.snapshot;
    const place = `${client?.server.host} ${user?.id} ${this.roomId}`;
    // Another room or user: what was being written there is another text.
    if (client && user && this.composer.open(place)) {
      this.actions?.reset();
      this.nameForm.reset();
    }
    const isUnsaved = storageFault !== undefined && (rows.at(-1)?.state ?? 'sent') !== 'sent';
    // Nobody waits for a chat that nobody wanted to see yet.
    const saying: Saying = client ? this.#statusLine.next({ status, isUnsaved }, now) : {};
    const { word, wakeAt = Infinity } = saying;
    this.word = word;
    clearTimeout(this.#wakeTimer);
    const wait = Math.min(wakeAt - now, untilMidnight(now));
    this.#wakeTimer = setTimeout(() => this.changed(), wait + 1);
  }

  /** After a render: the page hears what the reader can see now. */
  settle(): void {
    const { status, refusal, rows } = this.snapshot;
    if (status !== this.#lastStatus && status !== 'closed') {
      this.#lastStatus = status;
      fire(this.host, 'mini-chat-status', { status });
      if (status === 'refused' && refusal) this.#fail(refusal);
      if (status === 'live') this.#becomeLive();
    }
    const { unread: count } = this;
    if (count !== this.#lastUnread) fire(this.host, 'mini-chat-unread', { count });
    this.#lastUnread = count;
    this.#tell(rows);
    if (this.isReady) this.#followLink();
  }

  /** Lets go of room, timers and document; `open` takes them up again. */
  close(): void {
    this.#link.close();
    this.extras?.close();
    this.reader.close();
    this.composer.flush();
    this.announcer.close();
    clearTimeout(this.#wakeTimer);
  }

  /** Sends a text as it is. Throws `ChatError` when it cannot be taken. */
  send(text: string, replyTo?: Seq): Cid {
    const { room } = this;
    if (!room) throw new ChatError('not_joined', {});
    const cid = room.send(text, { replyTo });
    this.reader.endUnread();
    this.reader.jump();
    fire(this.host, 'mini-chat-send', { text, cid });
    return cid;
  }

  async loadOlder(): Promise<void> {
    this.reader.hasOlderFailed = false;
    try {
      await this.room?.loadOlder();
    } catch (error) {
      this.reader.hasOlderFailed = true;
      this.#fail(refusalOf(error));
    }
    this.host.requestUpdate();
  }

  reconnect(): void {
    this.#link.client?.reconnect();
  }

  /** A draft, or a change of the message in this row, that was refused. */
  retry({ cid, failedCid }: Row): void {
    this.room?.retry(failedCid ?? cid);
    this.focusWriter();
  }

  discard({ cid, failedCid }: Row): void {
    this.room?.discard(failedCid ?? cid);
    this.focusWriter();
  }

  attempt(act: () => unknown): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.announce(this.#fail(refusalOf(error)));
      return false;
    }
  }

  /** Words for an expected error; anything else is thrown on. */
  explain(error: unknown): string {
    return this.language.error(refusalOf(error));
  }

  announce(sentence: string): void {
    this.announcer.say(sentence);
  }

  changed(): void {
    this.stamp += 1;
    this.host.requestUpdate();
  }

  hold(on: boolean): void {
    this.reader.hold(on);
  }

  focusWriter(): void {
    this.#drawn(() => this.host.focus());
  }

  focusRow(key: string): void {
    this.#drawn(() => this.reader.find(key)?.focus({ preventScroll: true }));
  }

  async showLine(seq: Seq): Promise<void> {
    if (await this.#show(seq, (row) => row.seq === seq)) return;
    this.#statusLine.lose(Date.now());
    this.changed();
  }

  /** To the first message that was not read when the line was drawn. */
  async showUnread(): Promise<void> {
    const after = this.reader.unreadAfter;
    await this.#show(after + 1, ({ seq = 0 }) => seq > after);
  }

  /** Something happened inside: the first act on a message brings the second file. */
  async wake(event: Event): Promise<void> {
    if (this.actions || !isAct(event)) return;
    const count = this.#acts.push(event);
    this.#acts.splice(0, count - ACTS_MAX);
    if (count > 1) return;
    try {
      const file: ActionsFile = await import('./actions.ts');
      this.actions = file.begin(this, this.#acts);
      // Their targets are rows, which come and go.
      this.#acts.length = 0;
    } catch (error) {
      // The chat goes on without; the reader hears it once, the page is told why.
      this.#fail({ code: 'actions', message: String(error) });
      this.composer.fault = this.language.say('actionsFailed');
    }
    this.changed();
  }

  /** After a render: what few pages ask for comes in a file of its own, and follows the rest. */
  async extend(isWanted: unknown): Promise<void> {
    this.extras?.update();
    if (!isWanted || this.#hasAskedMore) return;
    this.#hasAskedMore = true;
    try {
      const file: ExtrasFile = await import('./extras.ts');
      this.extras = file.begin(this);
    } catch (error) {
      this.#fail({ code: 'extras', message: String(error) });
    }
    this.changed();
  }

  /** Loads what is needed for it, then shows it, with the reader on it. False: it is gone. */
  async #show(seq: Seq, isIt: (row: Row) => boolean): Promise<boolean> {
    const { room } = this;
    try {
      await room?.seek(seq);
    } catch (error) {
      this.announce(this.#fail(refusalOf(error)));
      return true;
    }
    const { rows = [] } = room?.snapshot ?? {};
    const row = rows.find(isIt);
    if (!row) return false;
    this.reader.show(row.key, rows);
    this.focusRow(row.key);
    return true;
  }

  /** Once: from there the reader goes where they want. */
  #followLink(): void {
    const seq = linkedSeq(this.roomId);
    if (seq === 0) return;
    endLink();
    this.host.scrollIntoView({ block: 'nearest' });
    void this.showLine(seq);
  }

  #drawn(then: () => void): void {
    this.changed();
    void this.host.updateComplete.then(then);
  }

  #becomeLive(): void {
    this.reader.hasOlderFailed = false;
    const { room } = this;
    if (this.isReady || !room) return;
    this.isReady = true;
    fire(this.host, 'mini-chat-ready', { room: room.id, user: this.snapshot.user });
    // Who opened the launcher before there was anywhere to write waits there.
    if (this.root.activeElement?.matches('.close')) this.focusWriter();
    this.host.requestUpdate();
  }

  #hear(message: Message): void {
    const { user, body } = message;
    // Not the room's own, which would be made anew for each of many messages.
    const isOwn = user.id === this.snapshot.user?.id;
    fire(this.host, 'mini-chat-message', { message, isOwn });
    if (!isOwn) this.announcer.hear(user.name + this.language.say('says') + body.text);
  }

  #submit(text: string): boolean {
    const detail = { text };
    if (this.composer.left(this.snapshot.limits.textMax) < 0) return false;
    if (!fire(this.host, 'mini-chat-before-send', detail)) return false;
    if (detail.text.trim() === '') return true;
    try {
      if (!this.actions?.submit(detail.text)) this.send(detail.text);
      return true;
    } catch (error) {
      this.composer.fault = this.#fail(refusalOf(error));
      this.host.requestUpdate();
      return false;
    }
  }

  /** What only a screen reader would miss: what was not sent, and new notices. */
  #tell(rows: readonly Row[]): void {
    const before = new Set(this.#failed);
    this.#failed.clear();
    let heardTo = 0;
    for (const { cid, failedCid = cid, failure, text, kind, seq = 0, user } of rows) {
      heardTo = Math.max(heardTo, seq);
      const isNews = kind === 'notice' && seq > this.#heardTo;
      if (isNews && user.id !== this.snapshot.user?.id) this.announcer.hear(text);
      if (!failure) continue;
      this.#failed.add(failedCid);
      if (before.has(failedCid)) continue;
      const words = this.language.join(this.language.say('notSent'), text);
      this.announcer.say(words, this.#fail(failure));
    }
    this.#heardTo = this.isReady ? heardTo : Infinity;
  }

  /** Tells the page, and returns words for the reader. */
  #fail({ code, message }: Refusal): string {
    fire(this.host, 'mini-chat-error', { code, message });
    return this.language.error({ code, message });
  }
}

/** On a row or who is here; or in the composer, where a key or a letter means more than itself. */
function isAct(event: Event): boolean {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return false;
  if (!(target instanceof HTMLTextAreaElement)) return target.closest('.row,.people') !== null;
  if (event instanceof KeyboardEvent) return event.key === 'ArrowUp' && target.value === '';
  return event instanceof InputEvent && /^[@:]$/.test(event.data ?? '');
}

/** An expected error as a refusal; anything else is a bug, and goes to the page's console. */
function refusalOf(error: unknown): Refusal {
  if (!(error instanceof ChatError)) throw error;
  return { code: error.code, message: error.message };
}
