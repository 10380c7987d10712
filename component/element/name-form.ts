/** How a guest gets a name: the first one before they write, another one whenever they like. */

import type { ChatClient } from '../client/client.ts';

/** The chat, as far as a name needs it. */
interface NameHost {
  readonly client: ChatClient | undefined;
  readonly composer: { fault: string };
  /** Words for what went wrong. Throws what is no `ChatError`. */
  explain(error: unknown): string;
  changed(): void;
  /** Draws, then focuses where the reader writes: this form, while it is there. */
  focusWriter(): void;
}

/** Where the composer is: without a name always, with one while `isOpen`. */
export class NameForm {
  isOpen = false;
  /** The server has not answered yet. */
  isBusy = false;
  /** Why the last name was not taken. */
  fault = '';
  readonly #host: NameHost;
  #turns = 0;

  constructor(host: NameHost) {
    this.#host = host;
  }

  /** Opens it for another name, or gives the composer back, with its draft. */
  toggle(isOpen: boolean): void {
    this.reset();
    this.isOpen = isOpen;
    this.#host.focusWriter();
  }

  /** Another room or user: whoever wanted another name is gone. */
  reset(): void {
    this.#turns += 1;
    this.isOpen = this.isBusy = false;
    this.fault = '';
  }

  /** Takes a name for the guest, or says why not. */
  async submit(name: string): Promise<void> {
    const host = this.#host;
    const turn = this.#turns;
    if (!host.client || this.isBusy) return;
    this.isBusy = true;
    this.fault = '';
    host.changed();
    let fault = '';
    try {
      await host.client.setName(name);
    } catch (error) {
      fault = host.explain(error);
    }
    if (turn !== this.#turns) {
      // The reader did not wait for the answer, as while offline, and is elsewhere now.
      host.composer.fault ||= fault;
      return host.changed();
    }
    this.isBusy = false;
    this.fault = fault;
    if (fault === '') this.isOpen = false;
    host.focusWriter();
  }
}
