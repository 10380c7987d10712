/**
 * What runs inside of a page of a fault run: the client of the built file, somebody who writes, and
 * a record of what was seen. Sent to the page as text, so it imports types only.
 */

import type { ChatClient, Room } from '../../component/client/client.ts';
import type { Happening } from './history.ts';

/** What a page is told, once per browser profile. */
export interface PagePlan {
  /** Where the built file is. */
  readonly script: string;
  readonly server: string;
  readonly name: string;
  readonly rooms: readonly string[];
  readonly texts: readonly string[];
  /** Between two drafts of this page, on the average. */
  readonly pauseMs: number;
}

/** What happened, at a time of this page's own clock. */
export interface Noted {
  readonly life: string;
  readonly at: number;
  readonly happening: Happening;
}

/** What a page says when it is asked how it is. */
export interface PageState {
  readonly life: string;
  readonly isLive: boolean;
  /** Own drafts that are not answered yet. */
  readonly waiting: number;
  /** The last seq that was read, per room. */
  readonly last: Readonly<Record<string, number>>;
  readonly words: string;
}

/** How the run talks to the page: by the name `person`. */
export interface Person {
  /** What was noted and not taken yet, also by lives of this profile that have ended. */
  take(): readonly Noted[];
  state(): PageState;
  clock(): number;
  write(isWriting: boolean): void;
  wake(): void;
  /** Notes what is shown. */
  rest(): void;
}

interface Place {
  readonly id: string;
  readonly room: Room;
  last: number | undefined;
  unanswered: Set<string>;
}

type Shown = Room['snapshot']['rows'][number];

declare global {
  interface Window {
    plan: PagePlan;
    person: Person;
  }
}

const WAITING_MAX = 20;
/** Notes of pages that are gone, for whoever of this profile is asked next. */
const KEPT = 'proof:';

const { plan } = window;
const life = `${plan.name}.${crypto.randomUUID().slice(0, 8)}`;
// A tab's own, and the same after a reload: one tab's drafts keep their order.
const tab = (sessionStorage['proof-tab'] as string | undefined) ?? life;
sessionStorage['proof-tab'] = tab;

let noted: Noted[] = [];
let socket: WebSocket | undefined;
let isWriting = false;
const retried = new Set<string>();
let written = 0;

const { ChatClient: Client } = (await import(plan.script)) as { ChatClient: typeof ChatClient };
const client = new Client({ server: plan.server, name: plan.name, environment: { openSocket } });
const places = plan.rooms.map((id): Place => {
  const room = client.room(id);
  return { id, room, last: undefined, unanswered: new Set() };
});
for (const place of places) {
  recalled(place);
  place.room.join();
  place.room.subscribe(() => look(place));
}

function note(happening: Happening, at = performance.now()): void {
  noted.push({ life, at, happening });
}

/** What was kept of an earlier life is shown before the server says anything: a page as of then. */
function recalled(place: Place): void {
  const { id, room } = place;
  if (!room.snapshot.rows.some((row) => row.id !== undefined)) return;
  const key = Object.keys(localStorage).find((one) => {
    return one.startsWith('mini-chat:log:') && one.endsWith(`:${id}`);
  });
  const { epoch, head } = JSON.parse(String(localStorage[key ?? ''])) as Heard;
  note({ what: 'begin', room: id, reader: life, epoch, head });
  look(place);
}

// ── what the server said: only what the rows do not tell ────────────────────────────────────────

function openSocket(url: URL, protocol: string): WebSocket {
  const opened = new WebSocket(url, protocol);
  socket = opened;
  // Before the client's own listener, so that a reset is noted before its rows are.
  opened.addEventListener('message', ({ data }) => {
    if (socket === opened && /^\{"op":"(joined|reset|ack)"/.test(String(data))) hear(String(data));
  });
  return opened;
}

interface Heard {
  readonly op: string;
  readonly room: string;
  readonly cid: string;
  readonly seq: number;
  readonly epoch: string;
  readonly head: number;
  readonly reason?: string;
  readonly entries?: unknown;
}

function hear(data: string): void {
  const op = JSON.parse(data) as Heard;
  const place = places.find(({ id }) => id === op.room);
  if (place === undefined) return;
  if (op.op === 'ack') return answered(place, op.cid, op.seq);
  const told = { room: op.room, reader: life, epoch: op.epoch, head: op.head };
  if (op.entries !== undefined) return note({ what: 'resume', ...told });
  const reason = op.reason ?? 'joined anew';
  if (op.op === 'joined' && place.last === undefined) note({ what: 'begin', ...told });
  else note({ what: 'reset', reason, ...told });
  place.last = undefined;
}

// ── what the person sees ────────────────────────────────────────────────────────────────────────

function look(place: Place): void {
  const { rows } = place.room.snapshot;
  let first = rows.length;
  for (; first > 0; first -= 1) {
    const { seq, id } = rows[first - 1] ?? {};
    if (id !== undefined && seq !== undefined && seq <= (place.last ?? 0)) break;
  }
  for (const row of rows.slice(first)) {
    if (row.state === 'failed') failed(place, row);
    else if (row.id !== undefined) applied(place, row);
    else place.unanswered.add(row.cid);
  }
}

function applied(place: Place, row: Shown): void {
  place.last = row.seq;
  note({ what: 'apply', room: place.id, reader: life, entry: seenOf(row) });
  if (row.user.id === client.user?.id) answered(place, row.cid, row.seq ?? 0);
}

function answered(place: Place, cid: string, seq: number): void {
  if (!place.unanswered.delete(cid)) return;
  note({ what: 'ack', room: place.id, user: client.user?.id ?? '', cid, seq });
}

/** The client gave up, and the person presses Retry. */
function failed({ id, room }: Place, row: Shown): void {
  const { user, cid, text } = row;
  const code = row.failure?.code ?? '';
  if (retried.has(cid)) return;
  retried.add(cid);
  note({ what: 'nack', room: id, user: user.id, cid, code, maybe: true });
  note({ what: 'send', room: id, user: user.id, cid, sender: tab, text });
  queueMicrotask(() => {
    retried.delete(cid);
    room.retry(cid);
  });
}

function seenOf({ seq, id, user, cid, text }: Shown) {
  return { seq: seq ?? 0, id: id ?? '', user: user.id, cid, text };
}

// ── what the person writes ──────────────────────────────────────────────────────────────────────

function write(): void {
  setTimeout(write, plan.pauseMs * (0.5 + Math.random()));
  const place = places[Math.floor(Math.random() * places.length)];
  const user = client.user?.id;
  // After a reload a person looks first: by then the drafts of the life before are here.
  const isReady = isWriting && places.every(({ room }) => room.snapshot.status !== 'closed');
  if (!place || !isReady || user === undefined || waiting() >= WAITING_MAX) return;
  const text = `${plan.texts[written % plan.texts.length]} ${life} ${(written += 1)}`;
  // On a busy machine a reader may have it before the next line runs here.
  const at = performance.now();
  const cid = place.room.send(text);
  note({ what: 'send', room: place.id, user, cid, sender: tab, text }, at);
  place.unanswered.add(cid);
}

function waiting(): number {
  return places.reduce((sum, { unanswered }) => sum + unanswered.size, 0);
}

function isAllLive(): boolean {
  return places.every(({ room }) => room.snapshot.status === 'live');
}

addEventListener('pagehide', () => {
  if (noted.length > 0) localStorage[`${KEPT}${life}:${performance.now()}`] = JSON.stringify(noted);
  noted = [];
});

window.person = {
  take() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
    const kept = keys.flatMap((key) => JSON.parse(String(localStorage[key])) as Noted[]);
    for (const key of keys) localStorage.removeItem(key);
    const now = noted;
    noted = [];
    return [...kept, ...now];
  },
  state() {
    const last = Object.fromEntries(places.map((place) => [place.id, place.last ?? 0]));
    const words = places.map(({ id, room: { snapshot } }) => `${id} ${snapshot.status}`).join(', ');
    const unsent = places.flatMap(({ room }) => room.snapshot.rows.filter(({ id }) => !id));
    return { life, isLive: isAllLive(), waiting: waiting() + unsent.length, last, words };
  },
  clock: () => performance.now(),
  write(is) {
    isWriting = is;
  },
  wake: () => client.reconnect(),
  rest() {
    for (const { id, room } of places) {
      const view = room.snapshot.rows.map(seenOf);
      note({ what: 'rest', room: id, reader: life, view });
    }
  },
};
write();
