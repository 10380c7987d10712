/**
 * A room without a server: tests and pictures say what happens in it, the element cannot tell the
 * difference. To extend: keep the public names and promises of client/room.ts and client/client.ts.
 */

import type { ChatClient, RoomSnapshot, Row } from '../../component/client/client.ts';
import type {
  Cid,
  EntryId,
  Message,
  Operation,
  Role,
  RoomId,
  Seq,
  User,
  UserId,
} from '../../component/protocol/ops.ts';

const ALL_OPERATIONS: readonly Operation[] = [
  'join',
  'history',
  'message',
  'edit',
  'delete',
  'react',
];

/** A user by name; the id follows from it. */
export function userOf(name: string, role: Role = 'member'): User {
  return { id: `u_${name.toLowerCase().replaceAll(' ', '_')}` as UserId, name, role };
}

/** What a message in a script looks like; the rest follows. */
export interface Line {
  readonly by: User;
  readonly text: string;
  readonly at: number;
  /** What later entries did to it, and what it answers. */
  readonly more?: Partial<Row>;
}

let drafts = 0;

/** One room that does as it is told. Sent messages wait for `ack` or `fail`. */
export class FakeRoom {
  readonly id: RoomId;
  snapshot: RoomSnapshot;
  /** How many hold it joined. */
  holders = 0;
  /** How often it was joined in all. */
  joins = 0;
  /** Pages that `loadOlder` finds, newest page first, each oldest message first. */
  older: Line[][] = [];
  /** When set, `loadOlder` rejects with it. */
  olderFault: Error | undefined;
  loads = 0;
  /** When set, `send` throws it. */
  sendFault: Error | undefined;
  readonly sent: string[] = [];
  /** What was asked of the room otherwise, in order: `react 3 👍 true`. */
  readonly asked: string[] = [];
  readonly marks: Seq[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #hearers = new Set<(message: Message) => void>();

  constructor(id: string, user: User | undefined) {
    this.id = id as RoomId;
    this.snapshot = {
      status: 'live',
      ...(user === undefined ? {} : { user }),
      can: ALL_OPERATIONS,
      limits: { textMax: 4000, frameBytesMax: 32768, roomsMax: 50 },
      rows: [],
      hasOlder: false,
      isLoadingOlder: false,
      head: 0,
      resets: 0,
      typing: [],
      typingMore: 0,
      read: 0,
      unread: 0,
    };
  }

  join(): () => void {
    this.holders += 1;
    this.joins += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.holders -= 1;
      isHeld = false;
    };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onMessage(listener: (message: Message) => void): () => void {
    this.#hearers.add(listener);
    return () => this.#hearers.delete(listener);
  }

  send(text: string, { replyTo }: { readonly replyTo?: Seq | undefined } = {}): Cid {
    if (this.sendFault) throw this.sendFault;
    drafts += 1;
    const cid = `draft-${drafts}-of-tests` as Cid;
    const user = this.snapshot.user ?? userOf('Nobody', 'guest');
    this.sent.push(text);
    const row: Row = {
      key: `${user.id} ${cid}`,
      kind: 'message',
      state: 'sending',
      cid,
      user,
      at: Date.now(),
      text,
      replyTo,
    };
    this.set({ rows: [...this.snapshot.rows, row] });
    return cid;
  }

  edit(seq: Seq, text: string): Cid {
    this.alter(seq, { text, edited: Date.now() });
    return this.#ask('edit', seq, text);
  }

  remove(seq: Seq): Cid {
    this.alter(seq, { text: '', deleted: true, reactions: undefined });
    return this.#ask('remove', seq);
  }

  react(seq: Seq, emoji: string, on: boolean): Cid {
    return this.#ask('react', seq, emoji, on);
  }

  pin(seq: Seq, on: boolean): Cid {
    return this.#ask('pin', seq, on);
  }

  notice(text: string): Cid {
    return this.#ask('notice', text);
  }

  typing(on: boolean): void {
    this.#ask('typing', on);
  }

  markRead(seq: Seq): void {
    this.marks.push(seq);
    this.set({ read: Math.max(seq, this.snapshot.read) });
  }

  async seek(seq: Seq): Promise<boolean> {
    while (this.snapshot.hasOlder && (this.snapshot.rows[0]?.seq ?? 0) > seq)
      await this.loadOlder();
    return this.snapshot.rows.some((row) => row.seq === seq);
  }

  retry(cid: Cid): void {
    this.#change(cid, ({ failure: _, ...row }) => ({ ...row, state: 'sending' }));
  }

  discard(cid: Cid): void {
    this.set({ rows: this.snapshot.rows.filter((row) => row.cid !== cid) });
  }

  async loadOlder(): Promise<void> {
    this.loads += 1;
    if (this.olderFault) throw this.olderFault;
    this.set({ isLoadingOlder: true });
    await Promise.resolve();
    this.giveOlder();
  }

  /** The page that `loadOlder` asked for arrives. */
  giveOlder(): void {
    const page = this.older.shift() ?? [];
    const first = (this.snapshot.rows[0]?.seq ?? 1) - page.length;
    const rows = page.map((line, i) => rowOf(line, first + i));
    const hasOlder = this.older.length > 0;
    this.set({ rows: [...rows, ...this.snapshot.rows], hasOlder, isLoadingOlder: false });
  }

  /** Changes the snapshot and tells everyone. */
  set(change: Partial<RoomSnapshot>): void {
    const next = { ...this.snapshot, ...change };
    const unread = next.rows.filter(
      ({ seq = 0, user, deleted }) => seq > next.read && user.id !== next.user?.id && !deleted,
    ).length;
    this.snapshot = { ...next, unread };
    for (const listener of this.#listeners) listener();
  }

  /**
   * Fills the room as if it had been like this before, and all read. `firstSeq` leaves room for
   * older pages.
   */
  fill(lines: readonly Line[], firstSeq = 1): void {
    const rows = lines.map((line, i) => rowOf(line, firstSeq + i));
    const head = firstSeq + lines.length - 1;
    this.set({ rows, head, read: head, hasOlder: this.older.length > 0 });
  }

  /** A later entry did something to a line. */
  alter(seq: Seq, change: Partial<Row>): void {
    const rows = this.snapshot.rows.map((row) => (row.seq === seq ? { ...row, ...change } : row));
    this.set({ rows });
  }

  /** Someone writes, now. */
  receive(by: User, text: string, at = Date.now()): Row {
    const seq = this.snapshot.head + 1;
    const row = rowOf({ by, text, at }, seq);
    const isDraft = (other: Row): boolean => other.state !== 'sent';
    const { rows } = this.snapshot;
    const sent = rows.filter((other) => !isDraft(other));
    this.set({ rows: [...sent, row, ...rows.filter(isDraft)], head: seq });
    for (const hear of this.#hearers) hear(messageOf(row, seq));
    return row;
  }

  /** The room itself says something, by one of its moderators. */
  proclaim(by: User, text: string): void {
    const seq = this.snapshot.head + 1;
    const row = rowOf({ by, text, at: Date.now(), more: { kind: 'notice' } }, seq);
    this.set({ rows: [...this.snapshot.rows, row], head: seq });
  }

  /** A draft became a message. */
  ack(cid: Cid): void {
    const seq = this.snapshot.head + 1;
    const id = `e${seq}` as EntryId;
    this.#change(cid, (row) => ({ ...row, state: 'sent', seq, id }));
    this.set({ head: seq });
  }

  /** A draft was refused. */
  fail(cid: Cid, code: string, message = code): void {
    this.#change(cid, (row) => ({ ...row, state: 'failed', failure: { code, message } }));
  }

  #ask(...words: readonly (string | number | boolean)[]): Cid {
    drafts += 1;
    this.asked.push(words.join(' '));
    return `change-${drafts}-of-tests` as Cid;
  }

  #change(cid: Cid, change: (row: Row) => Row): void {
    this.set({ rows: this.snapshot.rows.map((row) => (row.cid === cid ? change(row) : row)) });
  }
}

/** A client of fake rooms. */
export class FakeClient {
  readonly server = new URL('ws://chat.example/ws');
  user: User | undefined;
  readonly rooms = new Map<string, FakeRoom>();
  readonly names: string[] = [];
  readonly tokens: string[] = [];
  reconnects = 0;
  /** When set, `setName` rejects with it. */
  nameFault: Error | undefined;

  constructor(user: User | undefined = userOf('Ada')) {
    this.user = user;
  }

  /** As an element wants it. */
  get asClient(): ChatClient {
    return this as unknown as ChatClient;
  }

  room(id: string): FakeRoom {
    const known = this.rooms.get(id);
    if (known !== undefined) return known;
    const room = new FakeRoom(id, this.user);
    this.rooms.set(id, room);
    return room;
  }

  async setName(name: string): Promise<void> {
    this.names.push(name);
    if (this.nameFault) throw this.nameFault;
    if (this.user === undefined) return;
    this.user = { ...this.user, name };
    for (const room of this.rooms.values()) room.set({ user: this.user });
  }

  setToken(token: string): void {
    this.tokens.push(token);
  }

  reconnect(): void {
    this.reconnects += 1;
  }

  close(): void {
    this.rooms.clear();
  }
}

/** A row as the client makes it of a message. */
export function rowOf({ by, text, at, more }: Line, seq: number): Row {
  const cid = `cid-of-message-${seq}` as Cid;
  const id = `e${seq}` as EntryId;
  const key = `${by.id} ${cid}`;
  return { key, kind: 'message', state: 'sent', cid, seq, id, user: by, at, text, ...more };
}

function messageOf(row: Row, seq: number): Message {
  const { user, at, cid, text } = row;
  return { seq, id: `e${seq}` as EntryId, kind: 'message', user, at, cid, body: { text } };
}

/** Lines of a few people talking, one a minute up to `end`: enough for a long log. */
export function chatter(count: number, end = Date.now()): Line[] {
  const people = ['Grace', 'Linus', 'Barbara', 'Edsger'].map((name) => userOf(name));
  return Array.from({ length: count }, (_, i) => ({
    by: people[(i >> 2) % people.length] ?? userOf('Grace'),
    text: `Line ${i}: ${WORDS.slice(0, 3 + ((i * 7) % WORDS.length)).join(' ')}`,
    at: end - (count - i) * 60_000,
  }));
}

const WORDS =
  `the quick brown fox jumps over the lazy dog while five boxing wizards jump quickly and
  sphinx of black quartz judges my vow`.split(/\s+/);
