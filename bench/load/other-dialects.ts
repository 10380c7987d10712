/** The languages of the servers we are measured beside. Each message carries its number in `n`. */

import { type Dialect, type Greeting, type Heard, NOTHING } from './dialect.ts';
import { miniChatDialect } from './mini-chat-dialect.ts';

/** A plain `ws` loop: no greeting; each text frame goes to everybody as it is. */
const plain: Dialect = {
  path: '/',
  acks: false,
  greet: () => ['{"join":true}'],
  send: (_greeting, n, text) => JSON.stringify({ n, text }),
  hear(text) {
    if (text === '{"joined":true}') return [{ is: 'ready', head: 0 }];
    return [entry(JSON.parse(text) as Numbered)];
  },
};

interface Numbered {
  readonly n: number;
}

function entry({ n }: Numbered): Heard {
  return { is: 'entries', entries: [{ n }] };
}

/** Engine.IO 4 packets (0 open, 2 ping, 3 pong, 4 message) around Socket.IO 5 ones (0, 2). */
const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  acks: false,
  greet: () => [],
  send: (_greeting, n, text) => `42["message",${JSON.stringify({ n, text })}]`,
  hear(text) {
    if (text.startsWith('42["message",')) {
      const [, body] = JSON.parse(text.slice(2)) as [string, Numbered];
      return [entry(body)];
    }
    if (text.startsWith('42["joined"')) return [{ is: 'ready', head: 0 }];
    if (text.startsWith('0{')) return [{ is: 'say', text: '40' }];
    if (text === '2') return [{ is: 'say', text: '3' }];
    if (text.startsWith('44')) return [{ is: 'refused', why: text }];
    return NOTHING;
  },
};

/** Tornado's WebSocket chat demo: the body goes through a template and comes back with its HTML. */
const tornado: Dialect = {
  path: '/chatsocket',
  acks: false,
  greet: () => ['{"join":true}'],
  send: (_greeting, n, text) => JSON.stringify({ body: `${n}:${text}` }),
  hear(text) {
    if (text === '{"joined":true}') return [{ is: 'ready', head: 0 }];
    const { body } = JSON.parse(text) as { body: string };
    return [entry({ n: Number(body.slice(0, body.indexOf(':'))) })];
  },
};

interface CentrifugoReply {
  readonly connect?: object;
  readonly subscribe?: object;
  readonly error?: { readonly message: string };
  readonly push?: { readonly pub?: { readonly data: Numbered } };
}

/** Centrifugo 6, JSON protocol: one frame may hold several replies, one a line. */
const centrifugo: Dialect = {
  path: '/connection/websocket',
  acks: false,
  greet: () => ['{"id":1,"connect":{}}'],
  send: ({ room }: Greeting, n, text) => {
    const data = JSON.stringify({ n, text });
    return `{"id":${n + 3},"publish":{"channel":"${room}","data":${data}}}`;
  },
  hear: (text) => text.split('\n').map(hearCentrifugo),
};

function hearCentrifugo(line: string): Heard {
  if (line === '{}') return { is: 'say', text: '{}' };
  if (line === '') return { is: 'nothing' };
  const reply = JSON.parse(line) as CentrifugoReply;
  if (reply.error !== undefined) return { is: 'refused', why: reply.error.message };
  if (reply.connect !== undefined) return { is: 'say', text: SUBSCRIBE };
  if (reply.subscribe !== undefined) return { is: 'ready', head: 0 };
  return reply.push?.pub === undefined ? { is: 'nothing' } : entry(reply.push.pub.data);
}

/** The one room of the benches; Centrifugo's greeting needs its name in the second step. */
export const BENCH_ROOM = 'bench';

const SUBSCRIBE = `{"id":2,"subscribe":{"channel":"${BENCH_ROOM}"}}`;

export type DialectName = 'mini-chat' | 'plain' | 'socket-io' | 'tornado' | 'centrifugo';

export const dialects: ReadonlyMap<DialectName, Dialect> = new Map([
  ['mini-chat', miniChatDialect],
  ['plain', plain],
  ['socket-io', socketIo],
  ['tornado', tornado],
  ['centrifugo', centrifugo],
]);
