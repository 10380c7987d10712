/** A tab of a real browser with the headless client in it, whose way to the server can be cut. */

import type { BrowserContext, Page } from 'playwright-core';

import type { ChatClient, Environment, Room } from '../../component/client/client.ts';

/** What a tab keeps for the test to ask about. */
interface TabState {
  client: ChatClient;
  room: Room;
  /** Sockets of now, to be ended; and whether new ones go to the server at all. */
  sockets: WebSocket[];
  isUp: boolean;
}

declare global {
  interface Window {
    tab: TabState;
    /** The stored lists of drafts of this profile. */
    lists(): readonly string[];
  }
}

/** Where tabs are opened, and what they are in. */
export interface TabPlace {
  /** A page of a site; the client is started in it by the test. */
  readonly page: string;
  readonly server: string;
  readonly room: string;
  /** As on a page that is not on https: there are no Web Locks. */
  readonly hasNoLocks?: boolean;
}

/** Long enough for a reconnect with backoff on a busy machine. */
const WAIT_MS = 40_000;

export class ClientTab {
  readonly page: Page;
  readonly #place: TabPlace;

  constructor(page: Page, place: TabPlace) {
    this.page = page;
    this.#place = place;
    page.setDefaultTimeout(WAIT_MS);
  }

  /** A new tab, live in the room. */
  static async open(context: BrowserContext, place: TabPlace): Promise<ClientTab> {
    const tab = new ClientTab(await context.newPage(), place);
    await tab.page.goto(place.page);
    await tab.start();
    await tab.live();
    return tab;
  }

  /** Starts the client in the document that is there. */
  async start(): Promise<void> {
    const { server, room, hasNoLocks = false } = this.#place;
    await this.page.evaluate(
      async ({ server: url, id, isBare }) => {
        // Found at run time by the page, so there is nothing to resolve here.
        const file = `${url}/mini-chat.js`;
        const module = (await import(file)) as { ChatClient: typeof ChatClient };
        const tab = { sockets: [], isUp: true } as unknown as TabState;
        window.tab = tab;
        window.lists = () => Object.keys(localStorage).filter((key) => key.includes('outbox'));
        const openSocket = (address: URL, protocol: string): WebSocket => {
          // Port 9 is "discard", and nobody listens there.
          const socket = new WebSocket(tab.isUp ? address : 'ws://127.0.0.1:9/ws', protocol);
          tab.sockets.push(socket);
          return socket;
        };
        const environment: Partial<Environment> = isBare
          ? { openSocket, locks: undefined }
          : { openSocket };
        tab.client = new module.ChatClient({ server: url, name: 'Ada', environment });
        tab.room = tab.client.room(id);
        tab.room.join();
      },
      { server, id: room, isBare: hasNoLocks },
    );
  }

  async live(): Promise<void> {
    await this.page.waitForFunction(() => window.tab.room.snapshot.status === 'live');
  }

  async goOffline(): Promise<void> {
    await this.page.evaluate(() => {
      window.tab.isUp = false;
      for (const socket of window.tab.sockets) socket.close();
    });
    await this.page.waitForFunction(() => window.tab.room.snapshot.status !== 'live');
  }

  /** Resolves when it is live and everything is sent. */
  async comeBack(): Promise<void> {
    await this.page.evaluate(() => {
      window.tab.isUp = true;
      window.tab.client.reconnect();
    });
    await this.quiet();
  }

  /** Resolves when it is live and nothing waits to be sent. */
  async quiet(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { status, rows } = window.tab.room.snapshot;
      return status === 'live' && rows.every(({ state, id }) => state === 'sent' && id);
    });
  }

  async send(text: string): Promise<void> {
    await this.page.evaluate((words) => window.tab.room.send(words), text);
  }

  texts(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.tab.room.snapshot.rows.map(({ text }) => text));
  }

  /** Resolves when a row with this text is there, in whatever state. */
  async shows(text: string): Promise<void> {
    await this.page.waitForFunction(
      (words) => window.tab.room.snapshot.rows.some((row) => row.text === words),
      text,
    );
  }

  userId(): Promise<string | undefined> {
    return this.page.evaluate(() => window.tab.client.user?.id);
  }

  /** Resolves when this is in the log. */
  async stored(text: string): Promise<void> {
    await this.page.waitForFunction(
      (words) => window.tab.room.snapshot.rows.some(({ text: it, id }) => it === words && id),
      text,
    );
  }

  /** The stored lists of drafts of this profile. */
  lists(): Promise<readonly string[]> {
    return this.page.evaluate(() => window.lists());
  }
}
