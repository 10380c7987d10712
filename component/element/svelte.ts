/** Types for `<mini-chat>` in Svelte 5: `import type {} from 'mini-chat/svelte'`. No code. */

import type { HTMLAttributes } from 'svelte/elements';
import type { MiniChat } from './element.ts';
import type { TagListeners, TagSettings } from './tag.ts';

/** What a Svelte template may set on `<mini-chat>`. */
export type MiniChatAttributes = Omit<HTMLAttributes<MiniChat>, keyof TagSettings> &
  TagSettings &
  TagListeners;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'mini-chat': MiniChatAttributes;
  }
}
