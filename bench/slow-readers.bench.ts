/**
 * Question: what do members that never read cost the others, and the server's memory?
 *
 * Method: 100 members, messages leave by the clock; once with nobody else, once with 20 more
 * members in the room who stop reading as soon as they are in. Both in turn within each round, on
 * the same server, after one round that is not counted. Memory is the growth of resident bytes
 * while the messages flow.
 *
 * What would make it lie: a window so short that the kernel's buffers (up to 4 MB a socket) swallow
 * all; at 1.7 MB/s for each member they are full after a few seconds, so windows are longer (raw
 * sockets, which keep what is not read, show that they are full). The windows stay below the 30 s
 * after which the server would close such members. A rate that was not reached (a column; so is how
 * busy the client was). A heap that still grows to its size, for which the first round is there.
 */

import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { type Loaded, orSkip, withTargets } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { residentBytes } from './processes.ts';
import { rawBatch, sqlite } from './targets.ts';

interface Scale {
  readonly members: number;
  readonly mute: number;
  readonly rate: number;
  readonly windowMs: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { members: 4, mute: 2, rate: 100, windowMs: 100 },
  mid: { members: 100, mute: 20, rate: 2000, windowMs: 5000 },
  real: { members: 100, mute: 20, rate: 5000, windowMs: 10_000 },
};

const targets = [sqlite, rawBatch];
const SENDERS = 50;

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const scale = scales[context.size];
  const skipped = await withTargets(context, targets, async (loaded, faults) => {
    for (let round = 0; round <= context.rounds; round += 1) {
      for (const one of loaded) {
        for (const mute of round % 2 === 0 ? [0, scale.mute] : [scale.mute, 0]) {
          const what = `${one.target.name} mute=${mute} round ${round}`;
          const key = `${one.target.name}/${mute === 0 ? 'alone' : 'with-slow'}`;
          const into = round === 0 ? new Figures() : figures;
          await orSkip(faults, what, () => measure({ one, scale, mute, key, figures: into }));
        }
      }
      if (round > 0) context.say(`  round ${round} done`);
    }
  });
  return { figures, skipped };
}

interface Cell {
  readonly one: Loaded;
  readonly scale: Scale;
  readonly mute: number;
  readonly key: string;
  readonly figures: Figures;
}

async function measure({ one, scale, mute, key, figures }: Cell): Promise<void> {
  const { target, server, load } = one;
  const { members, rate, windowMs } = scale;
  const where = { dialect: target.dialect, urls: [server.url], room: BENCH_ROOM };
  const run = crypto.randomUUID().slice(0, 8);
  await load.ask('open', { id: 'a', ...where, run, members, mute, textBytes: 200 });
  try {
    // Warm buffers and compiled code are not growth.
    const warm = { rate, senders: SENDERS, warmupMs: 0, windowMs: Math.min(1000, windowMs) };
    await load.ask('openLoop', { id: 'a', ...warm });
    await server.probe?.ask('collect', null);
    const before = residentBytes(server.pid);
    const loop = { rate, senders: SENDERS, warmupMs: windowMs / 10, windowMs };
    const got = await load.ask('openLoop', { id: 'a', ...loop });
    await server.probe?.ask('collect', null);
    figures.add(`p50/${key}`, got.latency.p50);
    figures.add(`p99/${key}`, got.latency.p99);
    figures.add(`reached/${key}`, got.perSecond);
    figures.add(`busy/${key}`, got.clientBusy);
    figures.add(`left/${key}`, got.leftOver);
    figures.add(`growth-mb/${key}`, (residentBytes(server.pid) - before) / 2 ** 20);
  } finally {
    await load.ask('close', { id: 'a' });
  }
}

function tables(figures: Figures): readonly Table[] {
  const at = (what: string, key: string): string => shown(figures.at(`${what}/${key}`));
  const rows = targets.flatMap(({ name, words }) =>
    ['alone', 'with-slow'].map((how) => {
      const key = `${name}/${how}`;
      const title = how === 'alone' ? words : `${words}, beside members that never read`;
      const cells = ['reached', 'p50', 'p99', 'left', 'growth-mb', 'busy'];
      return [title, ...cells.map((what) => at(what, key))];
    }),
  );
  const columns = [
    ...['', 'messages/s', 'p50 ms', 'p99 ms', 'left over'],
    ...['memory growth, MB', 'client busy'],
  ];
  return [{ title: 'Members that never read, and what the others feel', columns, rows }];
}

function goals(figures: Figures): readonly Goal[] {
  const slow = figures.at('p99/mini-chat/with-slow');
  const alone = figures.samples('p99/mini-chat/alone');
  // "Within noise" is what the rounds without slow readers differ by among themselves.
  const noise = alone.length === 0 ? Number.NaN : Math.max(...alone);
  return [
    bound(
      "others' p99 beside 20 that never read, as a share of the worst round without",
      slow / noise,
      {
        atMost: 1,
      },
    ),
    bound('memory growth while they do not read', figures.at('growth-mb/mini-chat/with-slow'), {
      atMost: 5,
      unit: 'MB',
    }),
  ];
}

export const slowReaders: Bench = {
  name: 'slow-readers',
  question: 'What do members that never read cost the others?',
  run,
  tables,
  goals,
  losses: () => [],
};
