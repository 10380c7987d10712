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
  /** It has no server of ours: `benchAdd` of its page adds a message. */
  readonly isFed: boolean;
}

/** What each message says: words, marks, a link, and what is no letter. */
export const TEXT =
  'The 14:05 to Lyon now leaves from **platform 3** 🚄 and stops in Dijon, see ' +
  'https://example.com/trains/6607 for the seats that are left; who has a bicycle must book ' +
  'it until `13:30` at the desk.';

const SCRIPT_URL = '/widget.js';
const head =
  '<!doctype html><meta charset="utf-8"><title>bench</title><style>body{margin:0}</style>';
const load = (url: string): string => `<script type="module" src="${url}"></script>`;
/** A module of the page, as an author would write it; it shows the first messages by itself. */
const feed = (code: string): string =>
  `<script type="module">const TEXT = ${JSON.stringify(TEXT)};${code}</script>`;

export const miniChatWidget: Widget = {
  name: 'mini-chat',
  words: 'mini-chat, from its server',
  script: 'component/dist/mini-chat.min.js',
  // As a page embeds it: from its server, on another origin than the page's own.
  html: (server) =>
    `${head}${load(`${server}/mini-chat.js`)}
    <mini-chat room="bench" style="height:600px"></mini-chat>`,
  row: '.row',
  isFed: false,
};

export const deepChat: Widget = {
  name: 'deep-chat',
  words: 'deep-chat 2.4, fed by the page',
  script: 'bench/peers/node_modules/deep-chat/dist/deepChat.bundle.js',
  html: () =>
    `${head}${load(SCRIPT_URL)}<deep-chat demo="true" style="width:600px"></deep-chat>${feed(`
    const chat = document.querySelector('deep-chat');
    const one = { text: TEXT, role: 'ai' };
    chat.history = Array(50).fill(one);
    globalThis.benchAdd = () => chat.addMessage(one);`)}`,
  row: '.outer-message-container',
  isFed: true,
};

export const vueAdvancedChat: Widget = {
  name: 'vue-advanced-chat',
  words: 'vue-advanced-chat 2.1, fed by the page',
  script: 'bench/peers/node_modules/vue-advanced-chat/dist/vue-advanced-chat.es.js',
  html: () =>
    `${head}<vue-advanced-chat height="600px"></vue-advanced-chat>${feed(`
    import { register } from '${SCRIPT_URL}';
    register();
    const chat = document.querySelector('vue-advanced-chat');
    const users = [{ _id: 'a', username: 'A' }, { _id: 'b', username: 'B' }];
    let messages = [];
    const one = () => {
      const at = new Date();
      const shown = { date: at.toDateString(), timestamp: at.toTimeString().slice(0, 5) };
      return { _id: String(messages.length), content: TEXT, senderId: 'b', ...shown };
    };
    for (let n = 0; n < 50; n += 1) messages = [...messages, one()];
    Object.assign(chat, {
      currentUserId: 'a', rooms: [{ roomId: 'r', roomName: 'R', users }], roomId: 'r',
      roomsLoaded: true, messagesLoaded: true, messages,
    });
    globalThis.benchAdd = () => {
      messages = [...messages, one()];
      chat.messages = messages;
    };`)}`,
  row: '.vac-message-wrapper',
  isFed: true,
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
