/** Types for `<mini-chat>` in React 19 JSX: `import type {} from 'mini-chat/react'`. No code. */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { MiniChat } from './element.ts';
import type { MiniChatEventMap } from './events.ts';

/** React 19 takes `onmini-chat-send={…}` for the event `mini-chat-send`. */
type Listeners = {
  [Name in keyof MiniChatEventMap as `on${Name}`]?: (event: MiniChatEventMap[Name]) => void;
};

type Settings = Partial<
  Pick<
    MiniChat,
    | 'server'
    | 'room'
    | 'name'
    | 'token'
    | 'heading'
    | 'placeholder'
    | 'readonly'
    | 'badge'
    | 'mode'
    | 'loading'
    | 'getToken'
    | 'messages'
    | 'client'
  >
>;

/** What JSX may set on `<mini-chat>`. */
export type MiniChatProps = Omit<
  DetailedHTMLProps<HTMLAttributes<MiniChat>, MiniChat>,
  keyof Settings
> &
  Settings &
  Listeners;

declare module 'react' {
  // React keeps its element types in a namespace; adding to it is how a tag becomes known.
  namespace JSX {
    interface IntrinsicElements {
      'mini-chat': MiniChatProps;
    }
  }
}
