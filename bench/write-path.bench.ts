/**
 * Question: how many messages a second become durable, how long does a sender wait, and what is
 * gained over committing each message by itself?
 *
 * Method: (1) room logs on a store in a process without sockets, every draft waiting for its own
 * commit, W drafts under way in each of 1 and 20 rooms; MongoDB beside bare insertMany calls of the
 * same size and number on the same server. (2) The whole server over sockets, a room of 100 who all
 * get every message, beside a server that does one commit and one fan-out for each. Rounds
 * alternate. The store process may use every core; servers of (2) have one, with their threads.
 *
 * What would make it lie: a disk that says "done" before it is (one commit per message above
 * 20 000/s would mean that; its rate is in the table); windows too short to contain WAL checkpoints
 * (one in every 4000 pages, about 40 000 messages; p99.9 and max show them); batches that grow with
 * W (the mean batch is a column); cids in order, whose index SQLite writes a page of instead of one
 * for each user (a row has cids without order, as clients of others may send them); a stand-in for
 * MongoDB (then only the ratio means anything).
 */

import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { orSkip, withTargets } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { findMongo, type Mongo, UNWANTED } from './mongo.ts';
import { startWorker } from './processes.ts';
import type { Remote } from './rpc.ts';
import { commitPerMessage, sqlite } from './targets.ts';
import type { WriteCommands, Written } from './write-process.ts';

interface Scale {
  readonly rooms: readonly number[];
  readonly inFlight: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  readonly members: number;
  /** Messages under way in the room of (2). */
  readonly delivering: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { rooms: [1, 2], inFlight: 4, warmupMs: 10, windowMs: 80, members: 5, delivering: 4 },
  mid: {
    rooms: [1, 20],
    inFlight: 64,
    warmupMs: 500,
    windowMs: 2000,
    members: 100,
    delivering: 256,
  },
  real: {
    rooms: [1, 20],
    inFlight: 64,
    warmupMs: 500,
    windowMs: 5000,
    members: 100,
    delivering: 256,
  },
};

const stores = ['sqlite', 'memory', 'mongodb'] as const;
const RANDOM = 'sqlite, random cids';

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped: string[] = [];
  const found = context.wants('mongodb') ? await findMongo() : UNWANTED;
  const mongo = 'missing' in found ? undefined : found;
  skipped.push('missing' in found ? found.missing : found.words);
  try {
    for (let round = 0; round < context.rounds; round += 1) {
      await logs({ context, figures, mongo, skipped });
      context.say(`  round ${round + 1}: room logs done`);
    }
  } finally {
    await mongo?.close();
  }
  skipped.push(...(await delivered(context, figures)));
  return { figures, skipped };
}

interface LogRound {
  readonly context: Context;
  readonly figures: Figures;
  readonly mongo: Mongo | undefined;
  readonly skipped: string[];
}

async function logs({ context, figures, mongo, skipped }: LogRound): Promise<void> {
  const scale = scales[context.size];
  const { inFlight, warmupMs, windowMs } = scale;
  for (const store of stores.filter((name) => context.wants(name))) {
    if (store === 'mongodb' && mongo === undefined) continue;
    for (const rooms of scale.rooms) {
      const key = `${store}/rooms=${rooms}`;
      await orSkip(skipped, key, () =>
        inProcess(async (remote) => {
          const url = mongo?.database() ?? '';
          const load = { rooms, inFlight, warmupMs, windowMs, cids: 'timed' as const };
          const got = await remote.ask('append', { ...load, store: { kind: store, url } });
          record(figures, key, got);
          if (store !== 'mongodb') return;
          const batch = Math.round(got.batch);
          const bare = { url, rooms, batch, warmupMs, windowMs };
          const { perSecond } = await remote.ask('bareInsertMany', bare);
          figures.add(`bare/rooms=${rooms}`, perSecond);
        }),
      );
    }
  }
  await inProcess(async (remote) => {
    const rooms = scale.rooms.at(-1) ?? 1;
    const load = { rooms, inFlight, warmupMs, windowMs, cids: 'random' as const };
    const got = await remote.ask('append', { ...load, store: { kind: 'sqlite' } });
    record(figures, `${RANDOM}/rooms=${rooms}`, got);
  });
  await inProcess(async (remote) => {
    const one = await remote.ask('oneCommitEach', { windowMs: windowMs / 2 });
    figures.add('one-commit-each', one.perSecond);
  });
}

async function inProcess(work: (remote: Remote<WriteCommands>) => Promise<void>): Promise<void> {
  const worker = startWorker<WriteCommands>('bench/write-process.ts');
  try {
    await work(worker.remote);
  } finally {
    await worker.close();
  }
}

function record(figures: Figures, key: string, got: Written): void {
  figures.add(`append/${key}`, got.perSecond);
  figures.add(`batch/${key}`, got.batch);
  figures.add(`p50/${key}`, got.latency.p50);
  figures.add(`p99/${key}`, got.latency.p99);
  figures.add(`p999/${key}`, got.latency.p999);
  figures.add(`max/${key}`, got.latency.max);
}

/** (2): durable and on the connections of all members. */
async function delivered(context: Context, figures: Figures): Promise<string[]> {
  const { members, delivering, warmupMs, windowMs } = scales[context.size];
  const targets = [sqlite, commitPerMessage];
  return await withTargets(context, targets, async (loaded, skipped) => {
    for (let round = 0; round < context.rounds; round += 1) {
      for (const { target, server, load } of loaded) {
        await orSkip(skipped, `${target.name} delivered`, async () => {
          const where = { dialect: target.dialect, urls: [server.url], room: BENCH_ROOM };
          const run = `w${round}x${process.pid}`;
          await load.ask('open', { id: 'a', ...where, run, members, textBytes: 200 });
          try {
            const times = { warmupMs, windowMs: windowMs / 2 };
            const loop = { id: 'a', inFlight: delivering, pace: 'sender' as const, ...times };
            const got = await load.ask('closed', loop);
            figures.add(`delivered/${target.name}`, got.perSecond);
            figures.add(`delivered-p99/${target.name}`, got.latency.p99);
            figures.add(`delivered-busy/${target.name}`, got.clientBusy);
          } finally {
            await load.ask('close', { id: 'a' });
          }
        });
      }
    }
  });
}

function tables(figures: Figures): readonly Table[] {
  const keys = figures.names('append/').map((key) => key.slice('append/'.length));
  const ms = (what: string, key: string): string => shown(figures.at(`${what}/${key}`));
  return [
    {
      title: 'Room logs: durable messages a second, and how long each waited',
      columns: ['', 'messages/s', 'mean batch', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms'],
      rows: [
        ...keys.map((key) => [
          key.replace('/rooms=', ', rooms: '),
          ...['append', 'batch', 'p50', 'p99', 'p999', 'max'].map((what) => ms(what, key)),
        ]),
        ...figures.names('bare/').map((key) => {
          const words = key.replace('bare/rooms=', 'bare insertMany, rooms: ');
          return [words, shown(figures.at(key)), '', '', '', '', ''];
        }),
        ['SQLite, one commit each', shown(figures.at('one-commit-each')), '1', '', '', '', ''],
      ],
    },
    {
      title: 'Durable and delivered to 100 members',
      columns: ['', 'messages/s', 'p99 ms', 'client busy'],
      rows: [sqlite, commitPerMessage].map(({ name, words }) => [
        words,
        ...['delivered', 'delivered-p99', 'delivered-busy'].map((what) => ms(what, name)),
      ]),
    },
  ];
}

function goals(figures: Figures): readonly Goal[] {
  const ratio = (a: string, b: string): number => figures.at(a) / figures.at(b);
  return [
    bound(
      'durable and delivered to 100, against one commit and one fan-out each',
      ratio('delivered/mini-chat', 'delivered/commit-per-message'),
      { atLeast: 15 },
    ),
    bound('durable, 20 rooms, SQLite', figures.at('append/sqlite/rooms=20'), {
      atLeast: 25_000,
      unit: 'messages/s',
    }),
    bound(
      'durable, 20 rooms, MongoDB, against bare insertMany',
      ratio('append/mongodb/rooms=20', 'bare/rooms=20'),
      { atLeast: 0.7 },
    ),
  ];
}

function losses(figures: Figures): readonly string[] {
  return scales.real.rooms.flatMap((rooms) => {
    const share = figures.at(`append/mongodb/rooms=${rooms}`) / figures.at(`bare/rooms=${rooms}`);
    if (!(share < 1)) return [];
    const words = 'what bare insertMany calls of the same batches do, without the index for pages';
    return [`durable messages in MongoDB, rooms: ${rooms}: ${shown(share)} of ${words}`];
  });
}

export const writePath: Bench = {
  name: 'write-path',
  question: 'How many messages a second become durable?',
  run,
  tables,
  goals,
  losses,
};
