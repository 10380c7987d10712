/** A browser without pages: what its tabs share, and a network that can be taken away from them. */

import type { ClientOptions } from '../../component/client/client.ts';
import { Chat, type Tab } from './chat.ts';
import { MemoryLocks, MemoryStorage } from './memory-storage.ts';

/** What makes one browser differ from another. */
interface FakeBrowserOptions {
  readonly hasLocks?: boolean;
  /** The world it is in, with the server; one of its own when it is not said. */
  readonly chat?: Chat;
}

export class FakeBrowser {
  readonly chat: Chat;
  readonly storage = new MemoryStorage();
  readonly locks: MemoryLocks | undefined;

  constructor({ hasLocks = true, chat = new Chat() }: FakeBrowserOptions = {}) {
    this.chat = chat;
    this.locks = hasLocks ? new MemoryLocks() : undefined;
  }

  /** A tab in the room `lobby`, as soon as it is live. */
  tab(t: Parameters<Chat['tab']>[0], options: Partial<ClientOptions> = {}): Promise<Tab> {
    const locks = this.locks as unknown as LockManager | undefined;
    return this.chat.tab(t, { storage: this.storage, ...options, environment: { locks } });
  }

  /** Another one with the same contents, as a copied profile has; it shares no locks. */
  copy(): FakeBrowser {
    const copy = new FakeBrowser({ hasLocks: this.locks !== undefined, chat: this.chat });
    for (const key of this.storage.keys('')) {
      copy.storage.setItem(key, this.storage.getItem(key) ?? '');
    }
    return copy;
  }

  /** What a browser does when another tab has written. */
  tell(tab: Tab): void {
    for (const key of this.storage.keys('mini-chat')) {
      tab.events.dispatchEvent(Object.assign(new Event('storage'), { key }));
    }
  }

  async goOffline(): Promise<void> {
    this.chat.server.isUp = false;
    this.chat.server.cut();
    await this.chat.clock.settle();
  }

  async comeBack(): Promise<void> {
    this.chat.server.isUp = true;
    await this.chat.clock.advance(60_000);
  }
}

/**
 * What the clients of now send is stored, and nothing comes down to them any more; whoever connects
 * anew is answered. Returns how to end it.
 */
export function loseAnswers({ server }: Chat): () => void {
  const deaf = new Set(server.live);
  server.intercept = (session, op) => {
    if (!deaf.has(session)) return false;
    session.rooms.clear();
    const mute = Object.create(session, { say: { value: () => undefined } }) as typeof session;
    if (op.op === 'send') server.answer(mute, op);
    return true;
  };
  return () => {
    server.intercept = () => false;
  };
}
