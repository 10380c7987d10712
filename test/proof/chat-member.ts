/**
 * A member that uses the real client, and is judged by what its user would see: a draft counts as
 * answered when the client says so, an entry as read when it stands among the rows.
 */

import { ChatClient, type Room } from '../../component/client/client.ts';
import { parseServerOp } from '../../component/protocol/parse.ts';
import { shown } from './fold-rules.ts';
import type { Seen } from './history.ts';
import { type Member, type MemberOptions, textFor } from './member.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

/** One room as this member's user sees it. */
interface Place {
  readonly room: Room;
  readonly leave: () => void;
  /** Own drafts without an answer. */
  readonly unanswered: Set<string>;
  /** The last seq among the rows; undefined before the first page of this life. */
  last: number | undefined;
}

export class ChatMember implements Member {
  readonly name: string;
  readonly #options: MemberOptions;
  readonly #storage = new MemoryStorage();
  readonly #epochs = new Map<string, string>();
  readonly #unanswered: ReadonlyMap<string, Set<string>>;
  #client: ChatClient;
  #places = new Map<string, Place>();
  #socket: WebSocket | undefined;
  #lives = 1;
  #written = 0;

  constructor(options: MemberOptions) {
    this.name = options.name;
    this.#options = options;
    this.#unanswered = new Map(options.rooms.map((room) => [room, new Set<string>()]));
    this.#client = this.#open();
  }

  get waiting(): number {
    return [...this.#unanswered.values()].reduce((sum, { size }) => sum + size, 0);
  }

  get isLive(): boolean {
    return [...this.#places.values()].every(({ room }) => room.snapshot.status === 'live');
  }

  write(given?: string): void {
    const { dice, rooms, recorder, user } = this.#options;
    const id = dice.pick(rooms);
    const place = this.#places.get(id);
    const text = given ?? textFor(dice, this.name, (this.#written += 1));
    const cid = place?.room.send(text);
    if (place === undefined || cid === undefined) return;
    recorder.note({ what: 'send', room: id, user, cid, sender: this.name, text });
    place.unanswered.add(cid);
  }

  reload(): void {
    this.#leave();
    this.#lives += 1;
    this.#client = this.#open();
  }

  wake(): void {
    this.#client.reconnect();
  }

  isAtRest(heads: ReadonlyMap<string, number>): boolean {
    return [...this.#places].every(([id, { room, unanswered }]) => {
      const { status, rows, head } = room.snapshot;
      const isQuiet = rows.every(
        ({ state, id: stored }) => state === 'sent' && stored !== undefined,
      );
      return status === 'live' && isQuiet && unanswered.size === 0 && head === heads.get(id);
    });
  }

  describe(): string {
    const rooms = [...this.#places].map(([id, { room, last, unanswered }]) => {
      const { status, head, refusal } = room.snapshot;
      return `${id}: ${status} ${refusal?.code ?? ''} at ${last} of ${head}, ${unanswered.size} waiting`;
    });
    return `${this.name} ${rooms.join('; ')}`;
  }

  rest(): void {
    const { recorder, changes = false } = this.#options;
    for (const [id, { room }] of this.#places) {
      const { rows, head } = room.snapshot;
      const view = rows.map((row) => shownOf(row));
      const about = { room: id, reader: this.#reader };
      // Rows tell what changes came to, not that they came: the last look has to do.
      const epoch = this.#epochs.get(id) ?? '';
      if (changes) recorder.note({ what: 'begin', ...about, epoch, head });
      if (changes) recorder.note({ what: 'page', ...about, view });
      recorder.note({ what: 'rest', ...about, view });
    }
  }

  close(): void {
    this.#leave();
  }

  get #reader(): string {
    return `${this.name}.${this.#lives}`;
  }

  #open(): ChatClient {
    const { server, token, rooms } = this.#options;
    const client = new ChatClient({
      server,
      token,
      storage: this.#storage,
      environment: { openSocket: (url, protocol) => this.#openSocket(url, protocol) },
    });
    this.#places = new Map(
      rooms.map((id) => {
        const room = client.room(id);
        const unanswered = this.#unanswered.get(id) ?? new Set<string>();
        const place: Place = { room, leave: room.join(), unanswered, last: undefined };
        room.subscribe(() => {
          if (this.#places.get(id) === place) this.#look(id, place);
        });
        return [id, place];
      }),
    );
    return client;
  }

  #leave(): void {
    const places = this.#places;
    this.#places = new Map();
    this.#socket = undefined;
    for (const { leave } of places.values()) leave();
    this.#client.close();
  }

  // ── what the server said: only what the rows do not tell ──────────────────────────────────────

  #openSocket(url: URL, protocol: string): WebSocket {
    const socket = new WebSocket(url, protocol);
    this.#socket = socket;
    // Before the client's own listener, so that a reset is noted before its rows are.
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket && typeof data === 'string') this.#hear(data);
    });
    return socket;
  }

  #hear(data: string): void {
    if (!/^\{"op":"(joined|reset|ack)"/.test(data)) return;
    const op = parseServerOp(data);
    if (op?.op === 'ack') return this.#answered(op.room, op.cid, op.seq);
    if (op?.op !== 'joined' && op?.op !== 'reset') return;
    const place = this.#places.get(op.room);
    if (place === undefined) return;
    const { recorder } = this.#options;
    const told = { room: op.room, reader: this.#reader, epoch: op.epoch, head: op.head };
    this.#epochs.set(op.room, op.epoch);
    if ('entries' in op) return recorder.note({ what: 'resume', ...told });
    // A page that was not asked for by somebody new is a reset, whatever it is called.
    const reason = op.op === 'reset' ? op.reason : 'joined anew';
    if (op.op === 'joined' && place.last === undefined) recorder.note({ what: 'begin', ...told });
    else recorder.note({ what: 'reset', reason, ...told });
    place.last = undefined;
  }

  // ── what the user sees ────────────────────────────────────────────────────────────────────────

  #look(id: string, place: Place): void {
    const { rows } = place.room.snapshot;
    let first = rows.length;
    // Drafts stand at the end, and new entries before them: no need to look at all rows.
    for (; first > 0; first -= 1) {
      const { seq, id: stored } = rows[first - 1] ?? {};
      if (stored !== undefined && seq !== undefined && seq <= (place.last ?? 0)) break;
    }
    for (const row of rows.slice(first)) {
      if (row.state === 'failed') this.#failed(id, place, row.cid, row.failure?.code ?? '');
      else if (row.id !== undefined) this.#applied(id, place, seenOf(row));
    }
  }

  #applied(room: string, place: Place, entry: Seen): void {
    place.last = entry.seq;
    const { recorder, changes = false } = this.#options;
    if (!changes) recorder.note({ what: 'apply', room, reader: this.#reader, entry });
    if (entry.user === this.#options.user) this.#answered(room, entry.cid, entry.seq);
  }

  #answered(room: string, cid: string, seq: number): void {
    if (this.#unanswered.get(room)?.delete(cid) !== true) return;
    const { recorder, user } = this.#options;
    recorder.note({ what: 'ack', room, user, cid, seq });
  }

  /** The client gave up, and the user presses Retry. */
  #failed(id: string, place: Place, cid: string, code: string): void {
    if (!place.unanswered.delete(cid)) return;
    const { recorder, user } = this.#options;
    recorder.note({ what: 'nack', room: id, user, cid, code, maybe: true });
    const text = place.room.snapshot.rows.find((row) => row.cid === cid)?.text ?? '';
    queueMicrotask(() => {
      recorder.note({ what: 'send', room: id, user, cid, sender: this.name, text });
      place.unanswered.add(cid);
      place.room.retry(cid as Parameters<Room['retry']>[0]);
    });
  }
}

type Shown = Room['snapshot']['rows'][number];

function shownOf(row: Shown): Seen {
  const { text, deleted, pinned, reactions = [] } = row;
  const shows = shown({
    ...{ text, isDeleted: deleted === true, isPinned: pinned === true },
    reactions: reactions.map(({ emoji, count }) => [emoji, count] as const),
  });
  return { ...seenOf(row), shows };
}

function seenOf({ seq, id, user, cid, text }: Shown): Seen {
  return { seq: seq ?? 0, id: id ?? '', user: user.id, cid, text };
}
