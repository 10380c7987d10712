/** What templates of any framework may set on `<mini-chat>`: one source for all types. No code. */

import type { MiniChat } from './element.ts';
import type { MiniChatEventMap } from './events.ts';

/** Attributes and properties, by the names of the properties. */
export type TagSettings = Partial<
  Pick<MiniChat, Extract<keyof typeof MiniChat.properties, keyof MiniChat>>
>;

/** Listeners where a framework takes `onmini-chat-send` for the event `mini-chat-send`. */
export type TagListeners = {
  [Name in keyof MiniChatEventMap as `on${Name}`]?: (event: MiniChatEventMap[Name]) => void;
};
