/**
 * Question: what does it cost that two server processes are one chat?
 *
 * Method: servers on one MongoDB database. One hot room with its members spread evenly, all senders
 * on the first node: throughput in a closed loop, then, by the clock, how late an entry is on the
 * node that wrote it and on the other, which learns of it by a hint. The same with one node, in the
 * same rounds: the difference is the price. And many rooms at once, each loaded by itself.
 * Every connection on either node must see the same order, entry by entry.
 *
 * What would make it lie: nodes, database and load client share two cores, so this measures the
 * work they do, not what machines of their own would reach; a stand-in for MongoDB, whose change
 * stream has another delay than a real one's.
 */

import { type Bench, type Context, Figures, shown, type Table } from './bench.ts';
import type { LoadCommands } from './load-client.ts';
import { orSkip } from './load-targets.ts';
import { findMongo, type Mongo, UNWANTED } from './mongo.ts';
import { cpuSeconds, startLoad } from './processes.ts';
import type { Remote } from './rpc.ts';
import { miniChat, type Running, startTarget } from './targets.ts';

interface Scale {
  readonly members: number;
  readonly inFlight: number;
  readonly rate: number;
  readonly rooms: number;
  /** Entries of a room that has members on one node only. */
  readonly unread: number;
  readonly warmupMs: number;
  readonly windowMs: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { members: 6, inFlight: 2, rate: 20, rooms: 2, unread: 20, warmupMs: 50, windowMs: 200 },
  mid: {
    members: 200,
    inFlight: 16,
    rate: 50,
    rooms: 10,
    unread: 2000,
    warmupMs: 500,
    windowMs: 2000,
  },
  real: {
    members: 500,
    inFlight: 16,
    rate: 50,
    rooms: 20,
    unread: 5000,
    warmupMs: 500,
    windowMs: 4000,
  },
};

const SENDERS = 10;
/** Members of each of the many rooms. */
const FEW = 10;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped: string[] = [];
  const mongo = context.wants('mongodb') ? await findMongo() : UNWANTED;
  if ('missing' in mongo) return { figures, skipped: [mongo.missing] };
  skipped.push(mongo.words);
  try {
    for (let round = 0; round < context.rounds; round += 1) {
      for (const count of round % 2 === 0 ? [1, 2] : [2, 1]) {
        const what = `${count} nodes round ${round + 1}`;
        await orSkip(skipped, what, () =>
          withNodes(mongo, count, (nodes, load) =>
            measure({ nodes, load, scale: scales[context.size], figures, round }),
          ),
        );
      }
      context.say(`  round ${round + 1} done`);
    }
  } finally {
    await mongo.close();
  }
  return { figures, skipped };
}

type Work = (nodes: readonly Running[], load: Remote<LoadCommands>) => Promise<void>;

async function withNodes(mongo: Mongo, count: number, work: Work): Promise<void> {
  const url = mongo.database();
  const target = miniChat('node', 'node', () => [`--mongo=${url}`]);
  const nodes: Running[] = [];
  const worker = startLoad();
  try {
    for (let n = 0; n < count; n += 1) {
      const node = await startTarget(target);
      if ('missing' in node) throw new Error(node.missing);
      nodes.push(node);
    }
    await work(nodes, worker.remote);
  } finally {
    await worker.close();
    await Promise.all(nodes.map((node) => node.close()));
  }
}

interface Cell {
  readonly nodes: readonly Running[];
  readonly load: Remote<LoadCommands>;
  readonly scale: Scale;
  readonly figures: Figures;
  readonly round: number;
}

async function measure(cell: Cell): Promise<void> {
  await hotRoom(cell);
  await unreadRoom(cell);
  await manyRooms(cell);
}

async function hotRoom({ nodes, load, scale, figures, round }: Cell): Promise<void> {
  const { members, inFlight, warmupMs, windowMs, rate } = scale;
  const urls = nodes.map(({ url }) => url);
  const room = { dialect: 'mini-chat' as const, urls, room: 'hot', textBytes: 200 };
  await load.ask('open', { id: 'hot', ...room, run: `h${round}`, members });
  const loop = { id: 'hot', warmupMs, windowMs };
  const closed = await load.ask('closed', { ...loop, inFlight, pace: 'sender' });
  const rivals = await load.ask('closed', { ...loop, inFlight, pace: 'sender', isSpread: true });
  const open = await load.ask('openLoop', { ...loop, rate, senders: SENDERS });
  await load.ask('check', { id: 'hot' });
  await load.ask('close', { id: 'hot' });
  const key = `nodes=${nodes.length}`;
  figures.add(`hot/${key}`, closed.perSecond);
  figures.add(`rivals/${key}`, rivals.perSecond);
  figures.add(`rivals-p50/${key}`, rivals.latency.p50);
  figures.add(`rivals-p99/${key}`, rivals.latency.p99);
  figures.add(`own-p50/${key}`, open.byServer[0]?.p50 ?? Number.NaN);
  figures.add(`own-p99/${key}`, open.byServer[0]?.p99 ?? Number.NaN);
  figures.add(`hint-p50/${key}`, open.byServer[1]?.p50 ?? Number.NaN);
  figures.add(`hint-p99/${key}`, open.byServer[1]?.p99 ?? Number.NaN);
}

/** What a node pays to hear of entries that none of its members reads. */
async function unreadRoom({ nodes, load, scale, figures, round }: Cell): Promise<void> {
  const [writer, hearer] = nodes;
  if (writer === undefined || hearer === undefined) return;
  const room = { dialect: 'mini-chat' as const, room: 'unread', textBytes: 200 };
  await load.ask('open', { id: 'u', ...room, urls: [writer.url], run: `u${round}`, members: 10 });
  const before = cpuSeconds(hearer.pid);
  const began = performance.now();
  await load.ask('fill', { id: 'u', messages: scale.unread, inFlight: scale.inFlight });
  await load.ask('close', { id: 'u' });
  // What is still on its way to it counts, too; what it does anyway is little and is counted.
  await new Promise((resolve) => setTimeout(resolve, (performance.now() - began) / 2));
  figures.add('hint-cpu-us', ((cpuSeconds(hearer.pid) - before) / scale.unread) * 1e6);
}

async function manyRooms({ nodes, load, scale, figures, round }: Cell): Promise<void> {
  const { rooms, warmupMs, windowMs } = scale;
  const urls = nodes.map(({ url }) => url);
  const ids = Array.from({ length: rooms }, (_, at) => `many-${at}`);
  for (const id of ids) {
    const room = { dialect: 'mini-chat' as const, urls, room: id, textBytes: 200 };
    await load.ask('open', { id, ...room, run: `m${round}`, members: FEW });
  }
  const each = ids.map((id) =>
    load.ask('closed', { id, inFlight: 2, pace: 'sender', warmupMs, windowMs }),
  );
  const got = await Promise.all(each);
  for (const id of ids) await load.ask('close', { id });
  const sum = got.reduce((all, { perSecond }) => all + perSecond, 0);
  figures.add(`many/nodes=${nodes.length}`, sum);
}

function tables(figures: Figures): readonly Table[] {
  const at = (what: string, count: number): string => shown(figures.at(`${what}/nodes=${count}`));
  const row = (words: string, what: string): string[] => [words, at(what, 1), at(what, 2)];
  return [
    {
      title: 'One database, one node and two',
      columns: ['', 'one node', 'two nodes'],
      rows: [
        row('one hot room: messages/s to everybody', 'hot'),
        row('the same, with senders on all nodes', 'rivals'),
        row('the same: until everybody has it, p50 ms', 'rivals-p50'),
        row('the same: until everybody has it, p99 ms', 'rivals-p99'),
        row('many rooms: messages/s to everybody', 'many'),
        row('by the clock, on the node that wrote: p50 ms', 'own-p50'),
        row('by the clock, on the node that wrote: p99 ms', 'own-p99'),
        row('by the clock, on the other node: p50 ms', 'hint-p50'),
        row('by the clock, on the other node: p99 ms', 'hint-p99'),
        ['CPU to hear of an entry that nobody reads, µs', '', shown(figures.at('hint-cpu-us'))],
      ],
    },
  ];
}

export const manyNodes: Bench = {
  name: 'many-nodes',
  question: 'What does it cost that two server processes are one chat?',
  run,
  tables,
  goals: () => [],
  losses: () => [],
};
