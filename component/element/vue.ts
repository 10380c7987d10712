/** Types for `<mini-chat>` in Vue 3 templates: `import type {} from 'mini-chat/vue'`. No code. */

import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type { MiniChat } from './element.ts';
import type { MiniChatEventMap } from './events.ts';
import type { TagSettings } from './tag.ts';

type Emits = {
  [Name in keyof MiniChatEventMap]: (event: MiniChatEventMap[Name]) => void;
};

/** `<mini-chat>` as if it were a component: of others, Vue reads neither `$props` nor `$emit`. */
export type MiniChatTag = new () => MiniChat & {
  /** @deprecated For templates only: no element has it. */
  $props: Omit<HTMLAttributes, keyof TagSettings> & TagSettings & PublicProps;
  /** @deprecated For templates only: no element has it. */
  $emit: EmitFn<Emits>;
};

declare module 'vue' {
  interface GlobalComponents {
    'mini-chat': MiniChatTag;
  }
}
