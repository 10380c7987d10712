/**
 * A member on a bare WebSocket, written from docs/PROTOCOL.md and apart from the client: sends many
 * drafts at once, resends all that have no answer, and takes the server at its word. Whatever the
 * server should not have said shows up in the history as it was said.
 */

import type { Content, Entry, Line, ServerOp } from 'mini-chat/protocol';
import { fold, parseServerOp, SUBPROTOCOL } from 'mini-chat/protocol';
import { isChange, isLine } from '../../server/store-entry.ts';
import { type Member, type MemberOptions, textFor } from './member.ts';
import { rowOf, seenOf, textOf } from './seen.ts';

/** Silence for longer is a dead connection; the server answers each ping. */
const SILENCE_MS = 4000;
const PING_MS = 1000;

/** A draft that is under way for so long waits for a store that does not answer. */
const STUCK_MS = 1000;

interface Draft {
  readonly content: Content;
  /** When it was first sent; the server's patience counts from there, however often it comes. */
  sentAt: number | undefined;
  isDoubted: boolean;
}

/** So many of its drafts are changes, about one of so many lines. */
const CHANGES_SHARE = 0.3;
const NEWEST_LINES = 6;
/** So many delete a message, one of so many lines; mostly an own one. */
const DELETIONS_SHARE = 0.03;
const ERASED_LINES = 60;

/** One room as this member has it. */
interface Place {
  readonly drafts: Map<string, Draft>;
  cursor: { epoch: string; seq: number; id: string } | undefined;
  /** What a page of all that is here would show, by seq. */
  lines: Map<number, Line>;
  isLive: boolean;
  lastAcked: string | undefined;
}

export class RawMember implements Member {
  readonly name: string;
  readonly #options: MemberOptions;
  readonly #places: Map<string, Place>;
  #socket: WebSocket | undefined;
  #heardAt = 0;
  #lives = 1;
  #written = 0;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;
  readonly #pulse: NodeJS.Timeout;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.#options = options;
    this.#places = new Map(options.rooms.map((room) => [room, newPlace()]));
    this.#pulse = setInterval(() => this.#beat(), PING_MS);
    this.#connect();
  }

  get waiting(): number {
    return [...this.#places.values()].reduce((sum, { drafts }) => sum + drafts.size, 0);
  }

  get isLive(): boolean {
    return [...this.#places.values()].every(({ isLive }) => isLive);
  }

  write(given?: string): void {
    const { dice, rooms } = this.#options;
    const room = dice.pick(rooms);
    // Now and then something that must be refused, and must never be seen.
    const own = dice.chance(0.01) ? ' ' : textFor(dice, this.name, this.#written + 1);
    const place = this.#place(room);
    const message: Content = { kind: 'message', body: { text: given ?? own } };
    this.#draft(room, given === undefined ? (this.#changeIn(place) ?? message) : message);
    if (dice.chance(0.005)) this.#provoke(room, place);
  }

  erase(): void {
    const { dice, rooms } = this.#options;
    const room = dice.pick(rooms);
    const deletion = this.#deletionIn(this.#place(room));
    if (deletion !== undefined) this.#draft(room, deletion);
  }

  #draft(room: string, content: Content): void {
    const cid = `${this.name}-${String((this.#written += 1)).padStart(6, '0')}`;
    const place = this.#place(room);
    place.drafts.set(cid, { content, sentAt: undefined, isDoubted: false });
    if (place.isLive) this.#send(room, cid);
  }

  /** Now and then something about a line that is new, valid or not: others are about it, too. */
  #changeIn(place: Place): Content | undefined {
    const { dice, changes = false, user } = this.#options;
    const { lines } = place;
    if (!changes || lines.size === 0) return undefined;
    if (dice.chance(DELETIONS_SHARE)) return this.#deletionIn(place);
    if (!dice.chance(CHANGES_SHARE)) return undefined;
    const newest = [...lines.values()].slice(-NEWEST_LINES);
    const line = dice.pick(newest);
    const target = line.seq;
    if (line.user.id === user || dice.chance(0.05)) {
      return { kind: 'edit', body: { target, text: textFor(dice, this.name, this.#written) } };
    }
    const emoji = dice.pick(['👍', '🎉']);
    return { kind: 'react', body: { target, emoji, on: dice.chance(0.7) } };
  }

  /** Of an own message; now and then of another's, which must be refused. */
  #deletionIn({ lines }: Place): Content | undefined {
    const { dice, user } = this.#options;
    const newest = [...lines.values()].slice(-ERASED_LINES);
    const isAnybodys = dice.chance(0.05);
    const some = newest.filter((line) => isAnybodys || (line.user.id === user && !isGone(line)));
    return some[0] && { kind: 'delete', body: { target: dice.pick(some).seq } };
  }

  /** Another text under a cid that was acknowledged: it must be refused, the first must stay. */
  #provoke(room: string, { lastAcked, isLive }: Place): void {
    if (lastAcked === undefined || !isLive) return;
    const { recorder, user } = this.#options;
    const text = `something else than ${lastAcked}`;
    const conflicting = { room, user, cid: lastAcked, text };
    recorder.note({ what: 'send', sender: this.name, ...conflicting });
    this.#say({ op: 'send', room, cid: lastAcked, kind: 'message', body: { text } });
  }

  reload(): void {
    this.#lives += 1;
    for (const place of this.#places.values()) {
      place.cursor = undefined;
      place.lines = new Map();
    }
    this.#lose();
    this.wake();
  }

  wake(): void {
    if (this.#socket === undefined) this.#connect();
  }

  isAtRest(heads: ReadonlyMap<string, number>): boolean {
    return [...this.#places].every(([room, { drafts, cursor, isLive }]) => {
      return isLive && drafts.size === 0 && (cursor?.seq ?? 0) === heads.get(room);
    });
  }

  describe(): string {
    const rooms = [...this.#places].map(([room, { drafts, cursor, isLive }]) => {
      return `${room}: ${isLive ? 'live' : 'not live'} at ${cursor?.seq}, ${drafts.size} waiting`;
    });
    return `${this.name} (${this.#socket?.readyState ?? 'no socket'}) ${rooms.join('; ')}`;
  }

  rest(): void {
    for (const [room, { lines }] of this.#places) {
      const view = [...lines.values()].map(rowOf);
      this.#options.recorder.note({ what: 'rest', room, reader: this.#reader, view });
    }
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#pulse);
    clearTimeout(this.#retry);
    this.#lose();
  }

  get #reader(): string {
    return `${this.name}.${this.#lives}`;
  }

  // ── the connection ────────────────────────────────────────────────────────────────────────────

  #connect(): void {
    clearTimeout(this.#retry);
    if (this.#isClosed) return;
    const socket = new WebSocket(this.#options.server, SUBPROTOCOL);
    this.#socket = socket;
    this.#heardAt = performance.now();
    const isMine = (): boolean => this.#socket === socket;
    socket.addEventListener('open', () => {
      if (isMine()) this.#say({ op: 'hello', v: 1, token: this.#options.token, client: 'proof' });
    });
    socket.addEventListener('message', ({ data }) => {
      if (isMine() && typeof data === 'string') this.#hear(data);
    });
    socket.addEventListener('close', () => {
      if (isMine()) this.#lose();
    });
    socket.addEventListener('error', () => undefined);
  }

  #lose(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    for (const [room, place] of this.#places) {
      place.isLive = false;
      this.#doubt(room, place);
    }
    socket?.close();
    if (this.#isClosed) return;
    const { dice } = this.#options;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), dice.between(50, 600));
  }

  /**
   * Where one was under way for long, the store did not answer. The server may then give up any of
   * them by a nack that nobody hears, even after the connection has ended, and store what was sent
   * after it: each takes a new place in line when it is sent again.
   */
  #doubt(room: string, { drafts }: Place): void {
    const sent = [...drafts].filter(([, { sentAt }]) => sentAt !== undefined);
    const oldest = Math.min(...sent.map(([, { sentAt = Infinity }]) => sentAt));
    if (performance.now() - oldest < STUCK_MS) return;
    for (const [cid, draft] of sent) {
      if (draft.isDoubted) continue;
      draft.isDoubted = true;
      this.#options.recorder.note({
        ...{ what: 'nack', room, user: this.#options.user, cid },
        ...{ code: 'connection lost', maybe: true },
      });
    }
  }

  #beat(): void {
    if (this.#socket === undefined) return;
    if (performance.now() - this.#heardAt > SILENCE_MS) return this.#lose();
    this.#say({ op: 'ping', n: 1 });
  }

  #say(op: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(op));
  }

  #send(room: string, cid: string): void {
    const { recorder, user } = this.#options;
    const draft = this.#place(room).drafts.get(cid);
    if (draft === undefined) return;
    const { content } = draft;
    draft.sentAt ??= performance.now();
    recorder.note({ what: 'send', room, user, cid, sender: this.name, text: textOf(content) });
    this.#say({ op: 'send', room, cid, ...content });
  }

  // ── what comes in ─────────────────────────────────────────────────────────────────────────────

  #hear(data: string): void {
    this.#heardAt = performance.now();
    const op = parseServerOp(data);
    switch (op?.op) {
      case 'welcome':
        for (const room of this.#places.keys()) this.#join(room);
        return;
      case 'joined':
      case 'reset':
        return this.#joined(op);
      case 'entries':
        return this.#take(op.room, op.entries);
      case 'ack':
        return this.#answered(op.room, op.cid, op.seq);
      case 'nack':
        return this.#nacked(op);
      case 'error':
      case 'bye':
        return this.#lose();
      default:
    }
  }

  #join(room: string): void {
    const { cursor } = this.#place(room);
    this.#say({ op: 'join', room, ...(cursor === undefined ? {} : { cursor }) });
  }

  #joined(op: Extract<ServerOp, { op: 'joined' | 'reset' }>): void {
    const { room, epoch, head, headId } = op;
    const place = this.#place(room);
    const told = { room, reader: this.#reader, epoch, head };
    const { recorder } = this.#options;
    if ('entries' in op) {
      recorder.note({ what: 'resume', ...told });
      this.#take(room, op.entries);
    } else {
      if (op.op === 'reset') recorder.note({ what: 'reset', reason: op.reason, ...told });
      else recorder.note({ what: 'begin', ...told });
      recorder.note({ what: 'page', room, reader: this.#reader, view: op.messages.map(rowOf) });
      place.lines = new Map(op.messages.map((line) => [line.seq, line]));
      place.cursor = { epoch, seq: head, id: headId };
    }
    place.isLive = true;
    for (const cid of place.drafts.keys()) this.#send(room, cid);
  }

  /** Takes all of it, also what leaves a gap or was there before: the checker shall see it. */
  #take(room: string, entries: readonly Entry[]): void {
    const place = this.#place(room);
    for (const entry of entries) {
      const { seq, id } = entry;
      const { recorder } = this.#options;
      recorder.note({ what: 'apply', room, reader: this.#reader, entry: seenOf(entry) });
      if (place.cursor !== undefined) place.cursor = { ...place.cursor, seq, id };
      if (isLine(entry)) place.lines.set(seq, entry);
      if (!isChange(entry)) continue;
      const line = place.lines.get(entry.body.target);
      if (line?.kind === 'message') place.lines.set(line.seq, fold(line, entry));
    }
  }

  #answered(room: string, cid: string, seq: number): void {
    const { recorder, user } = this.#options;
    recorder.note({ what: 'ack', room, user, cid, seq });
    const place = this.#place(room);
    place.drafts.delete(cid);
    place.lastAcked = cid;
  }

  #nacked(op: Extract<ServerOp, { op: 'nack' }>): void {
    const { recorder, user, dice } = this.#options;
    const { room, cid, code, retry } = op;
    recorder.note({ what: 'nack', room, user, cid, code, maybe: op.maybe === true });
    const place = this.#place(room);
    if (!retry) return void place.drafts.delete(cid);
    const ms = (op.afterMs ?? 0) + dice.between(20, 200);
    setTimeout(() => {
      if (place.isLive) this.#send(room, cid);
    }, ms);
  }

  #place(room: string): Place {
    const place = this.#places.get(room);
    if (place === undefined) throw new Error(`the server spoke of room ${room}, which is not mine`);
    return place;
  }
}

const isGone = (line: Line): boolean => line.kind === 'message' && line.deleted === true;

function newPlace(): Place {
  const [drafts, lines] = [new Map<string, Draft>(), new Map<number, Line>()];
  return { drafts, lines, cursor: undefined, isLive: false, lastAcked: undefined };
}
