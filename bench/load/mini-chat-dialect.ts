/** mini-chat's own protocol, as the whole server speaks it; the raw baseline speaks it, too. */

import { type Dialect, type Greeting, type Heard, NOTHING } from './dialect.ts';

interface SpokenEntry {
  readonly seq: number;
  readonly cid: string;
}

/** The fields the load client looks at; the servers under test were checked by other tests. */
interface Spoken {
  readonly op: string;
  readonly token?: string;
  readonly epoch?: string;
  readonly head?: number;
  readonly headId?: string;
  readonly room?: string;
  readonly cid?: string;
  readonly code?: string;
  readonly message?: string;
  readonly entries?: readonly SpokenEntry[];
}

/** A cid names its run and its number, which is padded because a short cid is refused. */
const cidOf = (run: string, n: number): string => `b${run}-${String(n).padStart(8, '0')}`;

function numberOf(cid: string | undefined, run: string): number {
  const start = `b${run}-`;
  return cid?.startsWith(start) === true ? Number(cid.slice(start.length)) : -1;
}

function greet({ member, room, cursor, token }: Greeting): readonly string[] {
  const identity = token === undefined ? { name: `Member ${member}` } : { token };
  return [
    JSON.stringify({ op: 'hello', v: 1, client: 'bench', ...identity }),
    JSON.stringify({ op: 'join', room, ...(cursor === undefined ? {} : { cursor }) }),
  ];
}

function hear(text: string, run: string): readonly Heard[] {
  const spoken = JSON.parse(text) as Spoken;
  switch (spoken.op) {
    case 'entries':
      return [entriesOf(spoken, run)];
    case 'ack':
      return [{ is: 'ack', n: numberOf(spoken.cid, run) }];
    case 'welcome':
      return spoken.token === undefined ? NOTHING : [{ is: 'token', token: spoken.token }];
    case 'joined':
      return joined(spoken, run);
    case 'nack':
    case 'error':
    case 'bye':
    case 'reset':
      return [{ is: 'refused', why: `${spoken.op} ${spoken.code ?? ''} ${spoken.message ?? ''}` }];
    default:
      return NOTHING;
  }
}

/** A resumed reader is there once it has all up to the head; what it missed is counted first. */
function joined(spoken: Spoken, run: string): readonly Heard[] {
  const { epoch = '', head = 0, headId = '' } = spoken;
  const cursor = { epoch, seq: head, id: headId };
  if (spoken.entries === undefined) return [{ is: 'ready', head, cursor }];
  const first = spoken.entries[0]?.seq ?? head + 1;
  return [{ is: 'ready', head: first - 1, cursor }, entriesOf(spoken, run)];
}

function entriesOf(spoken: Spoken, run: string): Heard {
  const entries = (spoken.entries ?? []).map(({ seq, cid }) => ({ seq, n: numberOf(cid, run) }));
  return { is: 'entries', entries };
}

export const miniChatDialect: Dialect = {
  path: '/ws',
  subprotocol: 'mini-chat.1',
  acks: true,
  heartbeat: JSON.stringify({ op: 'ping', n: 1 }),
  greet,
  send: ({ room, run }, n, text) =>
    JSON.stringify({ op: 'send', room, cid: cidOf(run, n), kind: 'message', body: { text } }),
  hear,
};
