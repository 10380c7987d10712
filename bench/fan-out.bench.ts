/**
 * Question: how many messages a second reach everybody in one room, and how late are they, beside
 * what others would use for it?
 *
 * Method: N members, all in one room, 200-byte messages. Closed loop: W messages are always under
 * way, each from another member who sends its next one when it has its last one back; a message
 * counts when all N members have it (and its sender the ack, where there is one). Open loop:
 * messages leave by the clock, latency counts from when each was due. The same load client for
 * all, one core for it, one core for the server with all its threads. mini-chat runs whole: its
 * command line, guests with signed tokens, checks, acks, commits to disk; only its rate limits are
 * lifted. Targets take turns within each round; medians of the rounds, of the first two only in the
 * largest room.
 *
 * What would make it lie: a load client at its own limit (its share of busy time is a column;
 * above 90 % the figure is a lower bound, and the server's own CPU for each message tells more);
 * loss or reordering (checked on every connection, then there is no figure); loopback (no network,
 * so latencies are the server's own); a disk whose fsync does not wait; W chosen to suit batching,
 * hence also W=1; who sends being answered before the others have read, as mini-chat and the raw
 * server do in a large room, hence also the table in which senders wait for everybody.
 */

import {
  type Bench,
  bound,
  type Context,
  Figures,
  type Goal,
  inTurn,
  shown,
  type Table,
} from './bench.ts';
import { type Loaded, orSkip, withTargets } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { cpuSeconds } from './processes.ts';
import { fanOutTargets, type Target } from './targets.ts';
import type { ClosedLoop } from './load/load-room.ts';

interface Scale {
  readonly members: readonly number[];
  readonly inFlight: readonly number[];
  /** W of the loop in which each sender waits until everybody has its message. */
  readonly everyone: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly open: readonly OpenCase[];
}

interface OpenCase {
  readonly members: number;
  readonly rate: number;
  readonly windowMs: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: {
    members: [8],
    inFlight: [1, 4],
    everyone: 4,
    warmupMs: 20,
    windowMs: 100,
    open: [{ members: 8, rate: 50, windowMs: 100 }],
  },
  mid: {
    members: [100, 1000],
    inFlight: [1, 16],
    everyone: 16,
    warmupMs: 500,
    windowMs: 1000,
    open: [{ members: 1000, rate: 400, windowMs: 3000 }],
  },
  real: {
    members: [100, 1000, 5000],
    inFlight: [1, 4, 16, 64],
    everyone: 16,
    warmupMs: 500,
    windowMs: 1000,
    open: [
      { members: 1000, rate: 400, windowMs: 3000 },
      { members: 5000, rate: 20, windowMs: 3000 },
    ],
  },
};

const TEXT_BYTES = 200;
/** Rooms of thousands take most of the time; two rounds of them must do. */
const LARGE = 5000;
const LARGE_ROUNDS = 2;
/** Senders in the open loop. */
const SENDERS = 50;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const scale = scales[context.size];
  const skipped = await withTargets(context, fanOutTargets, async (loaded, faults) => {
    for (let round = 0; round < context.rounds; round += 1) {
      for (const one of inTurn(loaded, round)) {
        for (const members of scale.members) {
          if (members >= LARGE && round >= LARGE_ROUNDS) continue;
          const what = `${one.target.name} N=${members} round ${round + 1}`;
          await orSkip(faults, what, () => measure({ one, members, round, scale, figures }));
        }
        context.say(`  round ${round + 1}: ${one.target.name} done`);
      }
    }
  });
  return { figures, skipped };
}

interface Cell {
  readonly one: Loaded;
  readonly members: number;
  readonly round: number;
  readonly scale: Scale;
  readonly figures: Figures;
}

async function measure({ one, members, round, scale, figures }: Cell): Promise<void> {
  const { target, server, load } = one;
  const id = `${members}`;
  const run = `${round}x${members}x${process.pid}`;
  await load.ask('open', {
    id,
    dialect: target.dialect,
    urls: [server.url],
    room: BENCH_ROOM,
    run,
    members,
    textBytes: TEXT_BYTES,
  });
  try {
    for (const inFlight of scale.inFlight) {
      await measureClosed({ one, members, scale, figures, inFlight, pace: 'sender' });
    }
    const inFlight = scale.everyone;
    await measureClosed({ one, members, scale, figures, inFlight, pace: 'everyone' });
    for (const open of scale.open) {
      if (open.members === members) await measureOpen({ one, id, open, figures });
    }
  } finally {
    await load.ask('close', { id });
  }
}

async function measureClosed(
  cell: Omit<Cell, 'round'> & Pick<ClosedLoop, 'inFlight' | 'pace'>,
): Promise<void> {
  const { one, members, scale, figures, inFlight, pace } = cell;
  const { warmupMs, windowMs } = scale;
  const before = cpuSeconds(one.server.pid);
  const loop = { inFlight, pace, warmupMs, windowMs };
  const got = await one.load.ask('closed', { id: `${members}`, ...loop });
  const cpu = cpuSeconds(one.server.pid) - before;
  const key = `${one.target.name}/N=${members}/W=${inFlight}`;
  if (pace === 'everyone') return figures.add(`everyone/${key}`, got.perSecond);
  figures.add(`closed/${key}`, got.perSecond);
  figures.add(`p50/${key}`, got.latency.p50);
  figures.add(`batch/${key}`, got.batch);
  figures.add(`busy/${key}`, got.clientBusy);
  figures.add(`cpu-us/${key}`, (cpu / got.sent / members) * 1e6);
}

async function measureOpen(cell: {
  one: Loaded;
  id: string;
  open: OpenCase;
  figures: Figures;
}): Promise<void> {
  const { one, id, open, figures } = cell;
  const key = `${one.target.name}/N=${open.members}/R=${open.rate}`;
  await one.server.probe?.ask('watchLoop', null);
  const { rate, windowMs } = open;
  const warmupMs = windowMs / 5;
  const got = await one.load.ask('openLoop', { id, rate, senders: SENDERS, warmupMs, windowMs });
  const delay = await one.server.probe?.ask('loopDelay', null);
  figures.add(`open-p50/${key}`, got.latency.p50);
  figures.add(`open-p99/${key}`, got.latency.p99);
  figures.add(`open-behind/${key}`, got.drainMs);
  figures.add(`open-lost/${key}`, got.leftOver);
  figures.add(`open-busy/${key}`, got.clientBusy);
  if (delay !== undefined) figures.add(`open-turn/${key}`, delay.maxMs);
}

const named = (key: string, field: string): string =>
  key
    .split('/')
    .find((part) => part.startsWith(`${field}=`))
    ?.slice(field.length + 1) ?? '';

function unique(figures: Figures, prefix: string, field: string): readonly string[] {
  return [...new Set(figures.names(prefix).map((key) => named(key, field)))];
}

const measured = (figures: Figures): readonly Target[] =>
  fanOutTargets.filter(({ name }) => figures.names(`closed/${name}/`).length > 0);

function tables(figures: Figures): readonly Table[] {
  return [
    ...unique(figures, 'closed/', 'N').map((members) => closedTable(figures, members)),
    ...perCell(figures, 'cpu-us', 'CPU of the server for each message and member, µs'),
    ...perCell(figures, 'batch', 'Messages in one frame, on average'),
    ...(figures.names('everyone/').length === 0 ? [] : [everyoneTable(figures)]),
    ...figuresOpen(figures),
  ];
}

function closedTable(figures: Figures, members: string): Table {
  const inFlight = unique(figures, 'closed/', 'W');
  const rows = measured(figures).map(({ name, words }) => {
    const key = (what: string, w: string): string => `${what}/${name}/N=${members}/W=${w}`;
    const cells = inFlight.map((w) => {
      const rate = figures.at(key('closed', w));
      const ratio = figures.at(`closed/mini-chat/N=${members}/W=${w}`) / rate;
      const isLimited = figures.at(key('busy', w)) > 0.9 ? ' †' : '';
      return `${shown(rate)} (${shown(ratio)}×)${isLimited}`;
    });
    return [words, ...cells];
  });
  return {
    title: `${members} members: messages/s to everybody (how many times more mini-chat does)`,
    columns: ['', ...inFlight.map((w) => `W=${w}`)],
    rows,
  };
}

/**
 * One table of one figure for all targets: what the load client cannot limit, and what explains
 * the rest.
 */
function perCell(figures: Figures, what: string, title: string): readonly Table[] {
  const cells = [
    ...new Set(figures.names(`${what}/`).map((key) => key.split('/').slice(2).join('/'))),
  ];
  if (cells.length === 0) return [];
  const rows = measured(figures).map(({ name, words }) => [
    words,
    ...cells.map((cell) => shown(figures.at(`${what}/${name}/${cell}`))),
  ]);
  return [{ title, columns: ['', ...cells.map((cell) => cell.replace('/', ' '))], rows }];
}

/** A pace that no chat has, because nobody can know when everybody has read: here for honesty. */
function everyoneTable(figures: Figures): Table {
  const cells = [
    ...new Set(figures.names('everyone/').map((key) => key.split('/').slice(2).join('/'))),
  ];
  return {
    title: 'Messages a second when each sender waits until everybody has its last message',
    columns: ['', ...cells.map((cell) => cell.replace('/', ' '))],
    rows: measured(figures).map(({ name, words }) => [
      words,
      ...cells.map((cell) => {
        const rate = figures.at(`everyone/${name}/${cell}`);
        return `${shown(rate)} (${shown(figures.at(`everyone/mini-chat/${cell}`) / rate)}×)`;
      }),
    ]),
  };
}

function figuresOpen(figures: Figures): readonly Table[] {
  const cases = [
    ...new Set(figures.names('open-p99/').map((key) => key.split('/').slice(2).join('/'))),
  ];
  return cases.map((one) => ({
    title: `Open loop, ${one.replace('N=', '').replace('/R=', ' members, ')} messages a second`,
    columns: ['', 'p50 ms', 'p99 ms', 'behind at the end, ms', 'longest turn, ms', 'client busy'],
    rows: measured(figures).map(({ name, words }) => {
      const at = (what: string): number => figures.at(`${what}/${name}/${one}`);
      const behind = at('open-lost') > 0 ? 'never' : shown(at('open-behind'));
      const cells = [at('open-p50'), at('open-p99')].map(shown);
      return [words, ...cells, behind, shown(at('open-turn')), shown(at('open-busy'))];
    }),
  }));
}

function goals(figures: Figures): readonly Goal[] {
  const ratio = (ours: string, theirs: string, w: number): number =>
    figures.at(`closed/${ours}/N=1000/W=${w}`) / figures.at(`closed/${theirs}/N=1000/W=${w}`);
  const against = (name: string, w: number, atLeast: number): Goal =>
    bound(`1000 members, W=${w}, against ${name}`, ratio('mini-chat', name, w), { atLeast });
  const cpuRatio = (name: string): number =>
    figures.at(`cpu-us/${name}/N=1000/W=1`) / figures.at('cpu-us/mini-chat/N=1000/W=1');
  const byCpu = (name: string, atLeast: number): Goal =>
    bound(`the same, by CPU of the server, against ${name}`, cpuRatio(name), { atLeast });
  const shares = [1, 4, 16, 64].map((w) => ratio('mini-chat-memory', 'raw', w));
  const known = shares.filter((share) => !Number.isNaN(share));
  const rawShare = known.length === 0 ? Number.NaN : Math.min(...known);
  const open = 'mini-chat/N=1000/R=400';
  return [
    against('socket.io', 16, 15),
    against('ws', 16, 12),
    against('tornado', 16, 40),
    against('socket.io', 1, 1.5),
    byCpu('socket.io', 1.5),
    against('ws', 1, 1.25),
    byCpu('ws', 1.25),
    bound('share of raw sockets, memory store, least of all W', rawShare, { atLeast: 0.9 }),
    bound('1000 members, 400 messages a second: p99', figures.at(`open-p99/${open}`), {
      atMost: 25,
      unit: 'ms',
    }),
    bound('the same: still behind at the end', figures.at(`open-behind/${open}`), {
      atMost: 100,
      unit: 'ms',
    }),
    bound(
      '5000 members, 20 messages a second: longest turn of the loop',
      figures.at('open-turn/mini-chat/N=5000/R=20'),
      { atMost: 20, unit: 'ms' },
    ),
  ];
}

/** Cells in which a server that others can install does more than mini-chat with its disk. */
function losses(figures: Figures): readonly string[] {
  const others = fanOutTargets.filter(({ name }) => !name.startsWith('mini-chat'));
  return figures.names('closed/mini-chat/').flatMap((ours) => {
    const cell = ours.slice('closed/mini-chat/'.length);
    return others.flatMap(({ name, words }) => {
      const ratio = figures.at(ours) / figures.at(`closed/${name}/${cell}`);
      const where = cell.replace('N=', 'members: ').replace('/W=', ', in flight: ');
      return ratio < 1 ? [`${where}: ${shown(ratio)} of ${words}`] : [];
    });
  });
}

export const fanOut: Bench = {
  name: 'fan-out',
  question: 'How many messages a second reach everybody in a room?',
  run,
  tables,
  goals,
  losses,
};
