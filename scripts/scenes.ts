/**
 * Every state of the element that a reader can see, for pictures and for axe. Runs in a browser;
 * `scripts/screenshots.ts` and `test/browser/states.test.ts` show them.
 */

import { ChatError } from '../component/client/client.ts';
import type { MiniChat } from '../component/element/element.ts';
import '../component/element/languages.ts';
import { FakeClient, type FakeRoom, userOf } from '../test/support/fake-room.ts';
import { actionScenes } from './scenes-actions.ts';
import { arabicTalk, livelyTalk, longTalk, planning, talk } from './scenes-talk.ts';

/** What a scene may do once its element is in the page and has drawn for the first time. */
export interface Stage {
  readonly element: MiniChat;
  readonly room: FakeRoom;
  readonly client: FakeClient;
  /** Resolves when the element has drawn what happened so far. */
  drawn(): Promise<void>;
}

export interface Scene {
  readonly name: string;
  readonly lang?: string;
  readonly dir?: 'rtl';
  readonly room?: string;
  /** Before the element is connected. */
  before?(stage: Stage): void;
  /** Afterwards. */
  after?(stage: Stage): Promise<void> | void;
}

const ada = userOf('Ada Lovelace');
const newcomer = userOf('', 'guest');

/** As the server says it. */
const ORIGIN_REFUSED = 'Pages of https://shop.example.org may not use this chat.';

/** In an order that a person may look through. */
export const scenes: readonly Scene[] = [
  { name: 'empty' },
  { name: 'conversation', before: ({ room }) => room.fill(talk()) },
  { name: 'lively', before: ({ room }) => enliven(room, livelyTalk()) },
  {
    name: 'lively-rtl',
    dir: 'rtl',
    lang: 'pt-BR',
    before: ({ room }) => enliven(room, livelyTalk()),
  },
  {
    name: 'unread-line',
    before({ room }) {
      room.fill(planning());
      room.set({ read: room.snapshot.head - 4 });
    },
  },
  {
    name: 'unread-above',
    before({ room }) {
      room.fill(planning());
      room.set({ read: room.snapshot.head - 20 });
    },
  },
  {
    name: 'name-form',
    before({ client, room }) {
      become(client, room, newcomer);
      room.fill(talk());
    },
  },
  {
    name: 'name-refused',
    before({ client, room }) {
      become(client, room, newcomer);
      client.nameFault = new ChatError('bad_name', { why: 'too long' });
    },
    async after({ element, drawn }) {
      element.renderRoot.querySelector('form')?.requestSubmit();
      await drawn();
    },
  },
  {
    name: 'name-change',
    before({ client, room }) {
      become(client, room, userOf('Ada Lovelace', 'guest'));
      room.fill(talk());
    },
    async after({ element, drawn }) {
      element.renderRoot.querySelector<HTMLElement>('.me')?.click();
      await drawn();
    },
  },
  {
    name: 'writing',
    before: ({ room }) => room.fill(talk()),
    async after({ element, drawn }) {
      type(element, 'I have the first numbers.\nThey look better than I hoped:\n- 20× on one node');
      element.focus();
      await drawn();
    },
  },
  {
    name: 'too-long',
    before({ room }) {
      room.fill(talk());
      room.set({ limits: { ...room.snapshot.limits, textMax: 120 } });
    },
    async after({ element, drawn }) {
      type(element, 'This goes on and on. '.repeat(6));
      await drawn();
    },
  },
  {
    name: 'sending-and-failed',
    before({ room }) {
      room.fill(talk().slice(0, -1));
      const failed = room.send('Is anyone at the *harbour* already?');
      room.fail(failed, 'rate_limited');
      room.send('On my way, ten minutes.');
    },
  },
  {
    name: 'offline',
    before({ room }) {
      room.fill(talk());
      room.set({ status: 'offline' });
    },
    after: async ({ element, drawn }) => {
      await until(element, '.status[data-word]');
      await drawn();
    },
  },
  {
    name: 'offline-from-the-start',
    before: ({ room }) => room.set({ status: 'offline', can: [] }),
    after: ({ element }) => until(element, '.status[data-word]'),
  },
  {
    name: 'connecting',
    before: ({ client, room }) => {
      client.user = undefined;
      const { user: _, ...rest } = room.snapshot;
      room.snapshot = { ...rest, status: 'connecting', can: [] };
    },
    after: ({ element }) => until(element, '.status[data-word]'),
  },
  {
    name: 'reconnected',
    before({ room }) {
      room.fill(talk());
    },
    async after({ element, room, drawn }) {
      room.set({ status: 'offline' });
      await until(element, '.status[data-word]');
      room.set({ status: 'live' });
      await drawn();
    },
  },
  {
    name: 'refused',
    before: ({ room }) =>
      room.set({ status: 'refused', refusal: { code: 'origin_refused', message: ORIGIN_REFUSED } }),
  },
  {
    name: 'refused-later',
    before({ room }) {
      room.fill(talk());
      room.set({ status: 'refused', refusal: { code: 'token_expired', message: '' } });
    },
  },
  { name: 'no-room', room: '' },
  {
    name: 'read-only',
    before({ room }) {
      room.fill(talk());
      room.set({ can: ['join', 'history'] });
    },
  },
  {
    name: 'history-loading',
    before({ room }) {
      room.older = [[]];
      room.fill(planning(), 100);
      room.loadOlder = () => {
        room.set({ isLoadingOlder: true });
        return new Promise(() => undefined);
      };
    },
    async after({ element, drawn }) {
      logOf(element).scrollTop = 0;
      await drawn();
    },
  },
  {
    name: 'unread-pill',
    before: ({ room }) => room.fill(planning()),
    async after({ element, room, drawn }) {
      logOf(element).scrollTop = 40;
      await drawn();
      for (const text of ['Are we still on for six?', 'I am.', 'Me too']) {
        room.receive(userOf('Grace Hopper', 'moderator'), text);
      }
      await drawn();
    },
  },
  { name: 'long-text', before: ({ room }) => room.fill(longTalk()) },
  {
    name: 'arabic',
    lang: 'ar',
    dir: 'rtl',
    before: ({ room }) => room.fill(arabicTalk()),
  },
  {
    name: 'portuguese',
    lang: 'pt-BR',
    before: ({ room }) => room.fill(talk().slice(0, 4)),
  },
  {
    name: 'row-focus',
    before: ({ room }) => room.fill(talk()),
    async after({ element, drawn }) {
      const rows = element.renderRoot.querySelectorAll<HTMLElement>('.row');
      rows[rows.length - 3]?.focus();
      await drawn();
    },
  },
  ...actionScenes,
];

/** Puts a scene into a place of the page. Resolves when it shows what it is about. */
export async function play(scene: Scene, place: HTMLElement): Promise<Stage> {
  const client = new FakeClient(ada);
  const roomId = scene.room ?? 'harbour';
  const room = client.room(roomId === '' ? 'none' : roomId);
  const element = document.createElement('mini-chat');
  element.room = roomId;
  element.lang = scene.lang ?? 'en';
  if (scene.dir) element.dir = scene.dir;
  element.client = client.asClient;
  const stage = { element, room, client, drawn: () => drawn(element) };
  scene.before?.(stage);
  place.replaceChildren();
  // The element before keeps what was being written there; this scene is another visit.
  await Promise.resolve();
  localStorage.clear();
  place.append(element);
  await drawn(element);
  await scene.after?.(stage);
  await drawn(element);
  return stage;
}

/** What one update brought about (more rows near an edge, a status) is drawn by the next. */
async function drawn(element: MiniChat): Promise<void> {
  for (let last; last !== element.updateComplete;) {
    last = element.updateComplete;
    await last;
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

/** A room with people in it, some of whom write. */
function enliven(room: FakeRoom, lines: Parameters<FakeRoom['fill']>[0]): void {
  room.fill(lines);
  const users = [ada, userOf('Grace Hopper', 'moderator'), userOf('linus')];
  room.set({ people: { count: 12, users }, typing: users.slice(1), typingMore: 1 });
}

function become(client: FakeClient, room: FakeRoom, user: FakeClient['user'] & object): void {
  client.user = user;
  room.set({ user });
}

function type(element: MiniChat, text: string): void {
  const input = element.renderRoot.querySelector('textarea');
  if (input === null) return;
  input.value = text;
  input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
}

function logOf(element: MiniChat): HTMLElement {
  const log = element.renderRoot.querySelector<HTMLElement>('.log');
  if (log === null) throw new Error('The element has not drawn its log.');
  return log;
}

/** Resolves when something is there; states that come late on purpose are waited for. */
async function until(element: MiniChat, selector: string): Promise<void> {
  while (element.renderRoot.querySelector(selector) === null) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}
