/**
 * The rooms of one client, and their drafts across reloads. Each tab has its own list of drafts,
 * owned by a Web Lock of the same name, and shows those of the other tabs; when a tab is gone, or
 * put away whole, another one takes its list over. Where there are no locks, a list may be taken
 * from a living tab: then both send, and the cid keeps it from doubling.
 */

import { ChatError } from '../protocol/chat-error.ts';
import type { RoomId, User, UserId } from '../protocol/ops.ts';
import { isRoomId } from '../protocol/parse.ts';
import { type Draft, draftsAmong, isUnsent } from './draft.ts';
import { parseLog } from './kept-log.ts';
import { LiveRoom } from './live-room.ts';
import { refusalOf } from './refusal.ts';
import type { RoomHost } from './room-host.ts';
import { isChange } from './row.ts';

/** Kept logs of one user, beyond which the next visit removes some. */
export const LOGS_MAX = 10;

const MAYBE_SENT = refusalOf({ code: 'maybe_sent' });

/**
 * Invariants: what is kept is what all rooms hold, and a kept draft opens its room to be sent. A
 * list under another tab's name is removed only after it was saved under ours.
 */
export class Rooms {
  readonly #host: RoomHost;
  readonly #server: string;
  readonly #rooms = new Map<RoomId, LiveRoom>();
  /** What the keys of this user's lists start with; undefined: nobody's yet. */
  #prefix: string | undefined;
  /** Our own list's. A new one for each user, so that who comes back finds the earlier one. */
  #key = '';
  /** What the keys of this user's kept logs start with; undefined: nobody's yet. */
  #logs: string | undefined;
  #locks = new AbortController();
  /** Other tabs' lists that we wait for, or took: a tab that is gone does not come back. */
  readonly #watched = new Set<string>();
  /** The lists of tabs that live, as they wrote them last: shown here, and sent there. */
  readonly #others = new Map<string, readonly Draft[]>();

  constructor(host: RoomHost, server: string) {
    this.#host = host;
    this.#server = server;
  }

  /** The same object for the same id. Throws `ChatError` bad_room. */
  get(id: string): LiveRoom {
    if (!isRoomId(id)) throw new ChatError('bad_room', {});
    const known = this.#rooms.get(id);
    if (known) return known;
    const room = new LiveRoom(id, this.#host);
    this.#rooms.set(id, room);
    this.#recall(room);
    return room;
  }

  /** Undefined for an op of a room that nobody asked for. */
  known(id: RoomId | undefined): LiveRoom | undefined {
    return this.#rooms.get(id as RoomId);
  }

  get all(): readonly LiveRoom[] {
    return [...this.#rooms.values()];
  }

  get drafts(): readonly Draft[] {
    return this.all.flatMap((room) => room.drafts);
  }

  /** What other tabs of this user have written in a room, and not sent yet. */
  elsewhere(id: RoomId): readonly Draft[] {
    const others = [...this.#others.values()].flat();
    return others.filter((draft) => draft.room === id && isUnsent(draft));
  }

  /** Who this will be, as far as can be known by now: shows what was kept of their rooms. */
  recognize(id: UserId): void {
    this.#logs = this.#logsOf(id);
    for (const room of this.all) this.#recall(room);
  }

  /** Keeps the newest lines of all rooms, where there is room for them. */
  keep(): void {
    const { keeper } = this.#host;
    for (const { id, kept } of this.all) {
      if (this.#logs && kept !== undefined) keeper.offer(this.#logs + id, kept);
    }
  }

  /** From now on the drafts are this user's; those of the user before stay where they are. */
  open({ id }: User): void {
    const prefix = `mini-chat:outbox:${this.#server}:${encodeURIComponent(id)}:`;
    if (prefix !== this.#prefix) {
      this.close();
      this.#prefix = prefix;
      this.#key = prefix + this.#host.environment.mintId();
      const { signal } = this.#locks;
      this.#lock(this.#key, () => new Promise((end) => signal.addEventListener('abort', end)));
      for (const key of this.#host.keeper.keys(prefix)) this.watch(key);
      this.#dropLogs(id);
    }
    this.save();
  }

  /** Replaces what is kept. Nothing is kept before the user is known. */
  save(drafts: readonly Draft[] = this.drafts.filter(({ ack }) => !ack)): void {
    const { keeper } = this.#host;
    const key = this.#key;
    if (key === '') return;
    // No array: old libraries give arrays a `toJSON` that makes texts of them.
    if (drafts.length > 0) keeper.write(key, JSON.stringify({ ...drafts }));
    else keeper.remove(key);
  }

  /**
   * What was here belongs to another user. A new guest is the same person, but its cids cannot
   * find there what was stored under the old one: it is the author who must decide.
   */
  startOver(isSamePerson: boolean): void {
    if (isSamePerson) this.save([]);
    for (const room of this.all) {
      // A change was of what another guest wrote or felt.
      const unsure = room.drafts.filter((draft) => !draft.ack && !isChange(draft));
      room.startOver(isSamePerson ? unsure.map((one) => ({ ...one, failure: MAYBE_SENT })) : []);
    }
  }

  /** Another tab wrote there: takes that list over as soon as nobody owns it. */
  watch(key: string): void {
    if (!this.#prefix || !key.startsWith(this.#prefix)) return;
    this.#others.set(key, this.#kept(key));
    for (const room of this.all) room.changed();
    if (this.#watched.has(key)) return;
    this.#watched.add(key);
    this.#lock(key, () => this.#take(key));
  }

  /** Another tab may take over what is kept. */
  close(): void {
    this.#prefix = undefined;
    this.#key = '';
    this.#watched.clear();
    this.#others.clear();
    this.#locks.abort();
    this.#locks = new AbortController();
  }

  /** Without locks at once. Aborted by close: then the list stays for the next tab. */
  #lock(key: string, run: () => unknown): void {
    const { locks } = this.#host.environment;
    const { signal } = this.#locks;
    if (!locks) return void run();
    const held = locks.request(key, { signal }, () => (signal.aborted ? undefined : run()));
    // Aborted, or locks do not work here: then the cid keeps drafts from doubling.
    held.catch(() => undefined);
  }

  #recall(room: LiveRoom): void {
    const host = this.#host;
    const log = this.#logs && parseLog(host.keeper.read(this.#logs + room.id));
    if (!log) return;
    // Of a signed-in user nothing else is known before the server answers.
    host.user ??= host.author = log.user;
    room.recall(log);
  }

  #logsOf(id: string): string {
    return `mini-chat:log:${this.#server}:${id && `${encodeURIComponent(id)}:`}`;
  }

  /** What was kept of other users, and of more rooms than should be. */
  #dropLogs(id: UserId): void {
    const { keeper } = this.#host;
    this.#logs = this.#logsOf(id);
    for (const [i, key] of keeper.keys(this.#logsOf('')).entries()) {
      if (i >= LOGS_MAX || !key.startsWith(this.#logs)) keeper.remove(key);
    }
  }

  #take(key: string): void {
    const { keeper } = this.#host;
    const drafts = this.#kept(key);
    this.#others.delete(key);
    for (const { room } of drafts) this.get(room).adopt(drafts);
    this.save();
    // Not while the storage is full: this may be the only copy that outlives the page.
    if (!keeper.fault) keeper.remove(key);
  }

  #kept(key: string): readonly Draft[] {
    return draftsAmong(this.#host.keeper.readJson(key));
  }
}
