/** The reader's name: being chosen, being changed, or why it was not taken. Knows no DOM. */

import { type ChatClient, ChatError } from '../client/client.ts';
import type { StringKey } from './strings.ts';

/** Why a name was refused: the key of our words for it, and what the server said. */
export interface NameFault {
  readonly key: StringKey | undefined;
  readonly code: string;
  readonly message: string;
}

/** One form's state. `changed` is called when there is something new to draw. */
export class NameForm {
  /** A reader who has a name wants another one. */
  isOpen = false;
  isBusy = false;
  fault: NameFault | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  open(): void {
    this.#set({ isOpen: true });
  }

  cancel(): void {
    this.#set({ isOpen: false });
  }

  /** Resolves with whether the name is now in force. */
  async submit(client: ChatClient, name: string): Promise<boolean> {
    if (this.isBusy) return false;
    this.#set({ isOpen: this.isOpen, isBusy: true });
    try {
      await client.setName(name);
      this.#set({ isOpen: false });
      return true;
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      this.#set({ isOpen: this.isOpen, fault: faultOf(error) });
      return false;
    }
  }

  #set(state: { isOpen: boolean; isBusy?: boolean; fault?: NameFault }): void {
    this.isOpen = state.isOpen;
    this.isBusy = state.isBusy ?? false;
    this.fault = state.fault;
    this.#changed();
  }
}

/** The reasons of `parseName`, in words of ours. */
const REASONS: ReadonlyMap<unknown, StringKey> = new Map<unknown, StringKey>([
  ['empty', 'error_name_empty'],
  ['too long', 'error_name_long'],
  ['has characters that cannot be shown', 'error_name_characters'],
]);

function faultOf(error: ChatError): NameFault {
  const why = 'why' in error.detail ? error.detail.why : undefined;
  const key = error.code === 'bad_name' ? REASONS.get(why) : undefined;
  return { key, code: error.code, message: error.message };
}
