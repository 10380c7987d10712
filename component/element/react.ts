/** Types for `<mini-chat>` in React 19 JSX: `import type {} from 'mini-chat/react'`. No code. */

import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { MiniChat } from './element.ts';
import type { TagListeners, TagSettings } from './tag.ts';

/** What JSX may set on `<mini-chat>`. */
export type MiniChatProps = Omit<
  DetailedHTMLProps<HTMLAttributes<MiniChat>, MiniChat>,
  keyof TagSettings
> &
  TagSettings &
  TagListeners;

declare module 'react' {
  // React keeps its element types in a namespace; adding to it is how a tag becomes known.
  namespace JSX {
    interface IntrinsicElements {
      'mini-chat': MiniChatProps;
    }
  }
}
