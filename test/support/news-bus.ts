/** Hints between nodes of one process: at once, or as badly as a test wants. */

import type { HintListener, Hints, RoomKey, Store } from '../../server/store.ts';
import type { Entry } from 'mini-chat/protocol';

export class NewsBus {
  /** Every text told, in order. */
  readonly told: string[] = [];
  /** Which texts arrive, and as what: one that was lost, doubled, held back. */
  route: (news: string) => readonly string[] = (news) => [news];
  readonly #listeners = new Map<Hints, HintListener>();

  /** One node's end. */
  hints(): Hints {
    const hints: Hints = {
      watch: (listener) => {
        this.#listeners.set(hints, listener);
        return () => this.#listeners.delete(hints);
      },
      tell: (news) => {
        this.told.push(news);
        for (const one of this.route(news)) this.deliver(one, hints);
      },
    };
    return hints;
  }

  /** Hands a text to all nodes but its teller. */
  deliver(news: string, from?: Hints): void {
    for (const [hints, listener] of this.#listeners) if (hints !== from) listener.news(news);
  }

  /** A node's view of a store that several share: tells of entries, and outlives each of them. */
  share(store: Store): Store {
    const hints = this.hints();
    return new Proxy(store, {
      get: (target, name) => {
        if (name === 'hints') return hints;
        if (name === 'close') return async () => undefined;
        if (name === 'insert') return this.#insertFor(target, hints);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  }

  #insertFor(store: Store, from: Hints): Store['insert'] {
    return async (room: RoomKey, entries: readonly Entry[]) => {
      await store.insert(room, entries);
      for (const [hints, listener] of this.#listeners) {
        if (hints !== from) for (const entry of entries) listener.entry(room, entry);
      }
    };
  }
}
