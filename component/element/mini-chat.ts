/** The one file a page loads: defines `<mini-chat>`, unless another copy of it was here first. */

import { MiniChat } from './element.ts';

export { ChatClient, ChatError } from '../client/client.ts';
export * from './element.ts';
export * from './events.ts';
export type { MessageContext, RenderMessage } from './kit.ts';

declare global {
  interface HTMLElementTagNameMap {
    'mini-chat': MiniChat;
  }
}

// No registry: a server. A tag that is taken: two versions of this file on one page; the first
// serves both, since a registry takes no second definition.
if (typeof customElements !== 'undefined' && !customElements.get('mini-chat')) {
  customElements.define('mini-chat', MiniChat);
}
