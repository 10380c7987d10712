/**
 * Question: what does a page of messages cost, deep in a long log?
 *
 * Method: a process with a store and no sockets. One room of a million messages (20 000 in
 * MongoDB), one of 50 messages with 100 000 reactions in all. Single calls one after another,
 * after one untimed pass: the newest 50; 50 before a random seq; 200 entries after a random seq,
 * as a resuming reader asks; the 50 with the reactions. That each is one stretch of one index in
 * MongoDB, whose time says little on a stand-in, is what explain says in
 * test/node/server/store-mongodb-collections.test.ts.
 *
 * What would make it lie: everything lies in the page cache (a million messages are 400 MB, less
 * than the machine has; the first reader after a restart waits for the disk); one caller at a time
 * (a thread that serves many queues them); a fold over reactions that is not there yet, so that
 * the last figure tells what skipping them costs, not what counting them will.
 */

import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { orSkip } from './load-targets.ts';
import { findMongo, UNWANTED } from './mongo.ts';
import { startWorker } from './processes.ts';
import type { ReadCommands } from './read-process.ts';
import type { StoreChoice } from './stores.ts';

interface Scale {
  readonly messages: { readonly [Kind in StoreChoice['kind']]: number };
  readonly reactions: number;
  readonly times: { readonly [Kind in StoreChoice['kind']]: number };
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: {
    messages: { sqlite: 600, memory: 600, mongodb: 300 },
    reactions: 300,
    times: { sqlite: 20, memory: 20, mongodb: 20 },
  },
  mid: {
    messages: { sqlite: 100_000, memory: 100_000, mongodb: 5000 },
    reactions: 10_000,
    times: { sqlite: 500, memory: 500, mongodb: 100 },
  },
  real: {
    // The stand-in for MongoDB takes a thousand entries a second.
    messages: { sqlite: 1_000_000, memory: 1_000_000, mongodb: 20_000 },
    reactions: 100_000,
    times: { sqlite: 2000, memory: 2000, mongodb: 200 },
  },
};

const reads = ['newest', 'anywhere', 'range', 'loved'] as const;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped: string[] = [];
  for (const kind of ['sqlite', 'memory'] as const) {
    if (!context.wants(kind)) continue;
    await orSkip(skipped, kind, () => measure(context, figures, { kind }));
    context.say(`  ${kind} done`);
  }
  const mongo = context.wants('mongodb') ? await findMongo() : UNWANTED;
  if ('missing' in mongo) return { figures, skipped: [...skipped, mongo.missing] };
  skipped.push(mongo.words);
  const choice = { kind: 'mongodb' as const, url: mongo.database() };
  await orSkip(skipped, 'mongodb', () => measure(context, figures, choice));
  await mongo.close();
  return { figures, skipped };
}

async function measure(context: Context, figures: Figures, store: StoreChoice): Promise<void> {
  const { messages, reactions, times } = scales[context.size];
  const worker = startWorker<ReadCommands>('bench/read-process.ts');
  const { remote } = worker;
  try {
    const filling = { messages: messages[store.kind], reactions, store };
    const filled = await remote.ask('fill', filling);
    figures.add(`fill/${store.kind}`, filled.perSecond);
    for (let round = 0; round <= context.rounds; round += 1) {
      for (const read of reads) {
        const got = await remote.ask(read, {
          times: times[store.kind],
          seed: context.seed + round,
        });
        // The first round fills caches and compiles code.
        if (round === 0) continue;
        figures.add(`p50-us/${store.kind}/${read}`, got.p50);
        figures.add(`p99-us/${store.kind}/${read}`, got.p99);
      }
    }
    await remote.ask('close', null);
  } finally {
    await worker.close();
  }
}

const words: { readonly [Read in (typeof reads)[number]]: string } = {
  newest: 'newest 50',
  anywhere: '50 before a random seq',
  range: '200 entries after a random seq',
  loved: '50 messages with 100 000 reactions',
};

function tables(figures: Figures): readonly Table[] {
  const kinds = ['sqlite', 'memory', 'mongodb'] as const;
  const at = (what: string, kind: string, read: string): string =>
    shown(figures.at(`${what}-us/${kind}/${read}`));
  return [
    {
      title: 'Reading a page, µs (p50 / p99)',
      columns: ['', ...kinds.map((kind) => `${kind}`)],
      rows: reads.map((read) => [
        words[read],
        ...kinds.map((kind) => `${at('p50', kind, read)} / ${at('p99', kind, read)}`),
      ]),
    },
  ];
}

function goals(figures: Figures): readonly Goal[] {
  const value = figures.at('p50-us/sqlite/newest');
  return [bound('newest 50 of a million, SQLite, p50', value, { atMost: 100, unit: 'µs' })];
}

export const read: Bench = {
  name: 'read',
  question: 'What does a page of messages cost, deep in a long log?',
  run,
  tables,
  goals,
  losses: () => [],
};
