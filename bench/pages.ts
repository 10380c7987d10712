/** Pages for the element bench: ours on a real server, and two other widgets fed by the page. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { root } from './processes.ts';

export interface Widget {
  readonly name: string;
  readonly words: string;
  /** Relative to the repository; the whole of what a page loads. */
  readonly script: string;
  readonly html: string;
  /** What is in the document once the first message is shown; searched in shadow roots, too. */
  readonly row: string;
  /**
   * Run in the page, for a widget that has no server of ours: shows the first messages and returns
   * how to add one more.
   */
  readonly feed?: string;
}

const SCRIPT_URL = '/bench/widget.js';
const head =
  '<!doctype html><meta charset="utf-8"><title>bench</title><style>body{margin:0}</style>';
const load = `<script type="module" src="${SCRIPT_URL}"></script>`;

export const miniChatWidget: Widget = {
  name: 'mini-chat',
  words: 'mini-chat, from its server',
  script: 'component/dist/mini-chat.min.js',
  html: `${head}${load}<mini-chat room="bench" style="display:block;height:600px"></mini-chat>`,
  row: '.row',
};

export const deepChat: Widget = {
  name: 'deep-chat',
  words: 'deep-chat 2.4, fed by the page',
  script: 'bench/peers/node_modules/deep-chat/dist/deepChat.bundle.js',
  html: `${head}${load}<deep-chat demo="true" style="width:600px;height:600px"></deep-chat>`,
  row: '.outer-message-container',
  feed: `
    const chat = document.querySelector('deep-chat');
    await customElements.whenDefined('deep-chat');
    while (typeof chat.addMessage !== 'function') await new Promise((go) => setTimeout(go, 5));
    const add = (text) => chat.addMessage({ text, role: 'ai' });
    for (let n = 0; n < 50; n += 1) add('m'.repeat(200));
    return add;`,
};

export const vueAdvancedChat: Widget = {
  name: 'vue-advanced-chat',
  words: 'vue-advanced-chat 2.1, fed by the page',
  script: 'bench/peers/node_modules/vue-advanced-chat/dist/vue-advanced-chat.es.js',
  html: `${head}<script type="module">import { register } from '${SCRIPT_URL}'; register();</script>
    <vue-advanced-chat height="600px"></vue-advanced-chat>`,
  row: '.vac-message-wrapper',
  feed: `
    await customElements.whenDefined('vue-advanced-chat');
    const chat = document.querySelector('vue-advanced-chat');
    const users = [{ _id: 'a', username: 'A' }, { _id: 'b', username: 'B' }];
    let messages = [];
    const one = (text) => {
      const at = new Date();
      const shown = { date: at.toDateString(), timestamp: at.toTimeString().slice(0, 5) };
      return { _id: String(messages.length), content: text, senderId: 'b', ...shown };
    };
    for (let n = 0; n < 50; n += 1) messages = [...messages, one('m'.repeat(200))];
    Object.assign(chat, {
      currentUserId: 'a', rooms: [{ roomId: 'r', roomName: 'R', users }], roomId: 'r',
      roomsLoaded: true, messagesLoaded: true, messages,
    });
    return (text) => {
      messages = [...messages, one(text)];
      chat.messages = messages;
    };`,
};

/** What a page asks for besides its server's own files, or undefined. */
export async function answerOf(path: string, widget: Widget): Promise<Answer | undefined> {
  if (path === '/bench/') return { contentType: 'text/html', body: widget.html };
  if (path !== SCRIPT_URL) return undefined;
  const body = await readFile(root + widget.script, 'utf8');
  return { contentType: 'text/javascript', body };
}

export interface Answer {
  readonly contentType: string;
  readonly body: string;
}

export function isBuilt(widget: Widget): boolean {
  return existsSync(root + widget.script);
}
