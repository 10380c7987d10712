/** Pages for the element bench: ours with a real server, and two other widgets fed by the page. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { root } from './processes.ts';

export interface Widget {
  readonly name: string;
  readonly words: string;
  /** Relative to the repository; the whole of what a page loads. */
  readonly script: string;
  /** The page, given the address of a mini-chat server. */
  readonly html: (server: string) => string;
  /** What is in the document once the first message is shown; searched in shadow roots, too. */
  readonly row: string;
  /**
   * Run in the page, for a widget that has no server of ours: shows the first messages and returns
   * how to add one more.
   */
  readonly feed?: string;
}

const SCRIPT_URL = '/widget.js';
const head =
  '<!doctype html><meta charset="utf-8"><title>bench</title><style>body{margin:0}</style>';
const load = (url: string): string => `<script type="module" src="${url}"></script>`;

export const miniChatWidget: Widget = {
  name: 'mini-chat',
  words: 'mini-chat, from its server',
  script: 'component/dist/mini-chat.min.js',
  // As a page embeds it: from its server, on another origin than the page's own.
  html: (server) =>
    `${head}${load(`${server}/mini-chat.js`)}
    <mini-chat room="bench" style="height:600px"></mini-chat>`,
  row: '.row',
};

export const deepChat: Widget = {
  name: 'deep-chat',
  words: 'deep-chat 2.4, fed by the page',
  script: 'bench/peers/node_modules/deep-chat/dist/deepChat.bundle.js',
  html: () => `${head}${load(SCRIPT_URL)}<deep-chat demo="true" style="width:600px"></deep-chat>`,
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
  html: () =>
    `${head}<script type="module">import { register } from '${SCRIPT_URL}'; register();</script>
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

/** Serves one widget's page, on a port of its own. */
export async function servePage(
  widget: Widget,
  server: string,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const script = await readFile(root + widget.script);
  const http: Server = createServer((request, response) => {
    const isScript = request.url === SCRIPT_URL;
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : widget.html(server));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  const close = (): void => {
    http.close();
    http.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${address.port}/`, close };
}

export function isBuilt(widget: Widget): boolean {
  return existsSync(root + widget.script);
}
