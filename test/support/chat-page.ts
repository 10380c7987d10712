/** A page with a chat on it, as a person uses it and sees it. */

import type { Line } from '../../scripts/irc.ts';
import type { Locator, Page, WebSocket } from 'playwright-core';

import { becomes } from './becomes.ts';

/** What a row shows. */
export interface ShownRow {
  readonly state: string;
  readonly text: string;
}

/** Long enough for a reconnect with backoff on a busy machine. */
const WAIT_MS = 40_000;

export class ChatPage {
  readonly page: Page;
  /** Each WebSocket the page has opened. */
  readonly sockets: WebSocket[] = [];
  /** What the page's console and its errors said. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
    page.on('websocket', (socket) => this.sockets.push(socket));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('console', (line) => {
      if (line.type() === 'error') this.complaints.push(line.text());
    });
  }

  /** The element, or the one of this room. */
  chat(room?: string): Locator {
    return this.page.locator(room === undefined ? 'mini-chat' : `mini-chat[room="${room}"]`);
  }

  /** Resolves when the room is caught up and can be written in. */
  async live(room?: string): Promise<void> {
    await this.chat(room).locator('.input:enabled').waitFor();
    await this.inState('live', room);
  }

  /** Resolves when the element has this custom state. */
  async inState(state: string, room?: string): Promise<void> {
    const chat = await this.chat(room).elementHandle();
    await this.page.waitForFunction(([it, name]) => it?.matches(`:state(${name})`), [
      chat,
      state,
    ] as const);
  }

  /** Writes and presses Enter. */
  async say(text: string, room?: string): Promise<void> {
    const input = this.chat(room).locator('textarea');
    await input.fill(text);
    await input.press('Enter');
  }

  /** Fills the form that asks for a name. */
  async enterName(name: string): Promise<void> {
    await this.chat().locator('#name').fill(name);
    await this.chat().locator('#name').press('Enter');
    await this.chat().locator('textarea').waitFor();
  }

  /** Resolves when the rows in the document are these, and no others; fails with both lists. */
  shows(rows: readonly ShownRow[], room?: string): Promise<void> {
    return becomes(() => this.rows(room), rows, WAIT_MS);
  }

  /** Resolves when the rows in the document are these lines; fails with both lists. */
  tells(lines: readonly Line[]): Promise<void> {
    return becomes(() => this.said(), lines, WAIT_MS);
  }

  /** Resolves when so many elements inside of the chat match; fails with both counts. */
  counts(selector: string, count: number): Promise<void> {
    return becomes(() => this.chat().locator(selector).count(), count, WAIT_MS);
  }

  /** Who said what, as the rows in the document show it: a run of one author has one name. */
  said(): Promise<readonly Line[]> {
    return this.chat().evaluate((chat) => {
      let nick = '';
      return [...(chat.shadowRoot?.querySelectorAll('.row') ?? [])].map((row) => {
        nick = row.querySelector('.name')?.textContent.trim() ?? nick;
        const blocks = [...(row.querySelector('.text')?.children ?? [])];
        return { nick, text: blocks.map((block) => block.textContent).join('\n') };
      });
    });
  }

  /** What the rows in the document show just now, from top to bottom; `shows` waits for it. */
  rows(room?: string): Promise<readonly ShownRow[]> {
    return this.chat(room).evaluate((chat) =>
      [...(chat.shadowRoot?.querySelectorAll('.row') ?? [])].map((row) => ({
        state: ['sending', 'sent', 'failed'].find((state) => row.classList.contains(state)) ?? '',
        text: [...(row.querySelector('.text')?.children ?? [])]
          .map((block) => block.textContent)
          .join('\n'),
      })),
    );
  }

  /** Resolves when a row with exactly this text is sent, and is there once. */
  sent(text: string, room?: string): Promise<void> {
    const rows = async (): Promise<readonly ShownRow[]> =>
      (await this.rows(room)).filter((shown) => shown.text === text);
    return becomes(rows, [{ state: 'sent', text }], WAIT_MS);
  }

  /** Resolves when the element says these words somewhere. */
  async says(words: string | RegExp): Promise<void> {
    await this.chat().locator('.base').getByText(words).first().waitFor();
  }
}
