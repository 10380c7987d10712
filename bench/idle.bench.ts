/**
 * Question: what does a member cost that says nothing: memory, heartbeats, coming in?
 *
 * Method: one server process for each target and round, started fresh. Resident bytes after a
 * collection with nobody there, then with all members in one room; the difference divided by the
 * members. CPU of the server while they come in, and while they only say that they live (each every
 * 25 s, as clients do; socket.io asks them itself); the latter in the first round alone, since it
 * takes as long as that.
 *
 * What would make it lie: memory that the process had reserved before (a warm-up of 200 members
 * comes and goes first); pages that a collection has freed and the process has not given back
 * (counted, because an operator pays for them); kernel memory for sockets, which no server can save
 * and which is not counted for any.
 */

import { type Bench, bound, type Context, Figures, type Goal, shown, type Table } from './bench.ts';
import { type Loaded, orSkip, withTargets } from './load-targets.ts';
import { BENCH_ROOM } from './load/other-dialects.ts';
import { cpuSeconds, residentBytes } from './processes.ts';
import { centrifugo, socketIo, sqlite, tornado, wsLoop } from './targets.ts';

interface Scale {
  readonly members: number;
  readonly warmup: number;
  readonly settleMs: number;
  /** Long enough for each member's heartbeat to come round. */
  readonly beatsMs: number;
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { members: 20, warmup: 5, settleMs: 10, beatsMs: 50 },
  mid: { members: 2000, warmup: 200, settleMs: 1000, beatsMs: 5000 },
  real: { members: 9500, warmup: 200, settleMs: 1000, beatsMs: 26_000 },
};

const targets = [sqlite, wsLoop, socketIo, tornado, centrifugo];

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const skipped = new Set<string>();
  const scale = scales[context.size];
  for (let round = 0; round < context.rounds; round += 1) {
    // One at a time: memory of a process that was never used before.
    for (const target of targets) {
      const faults = await withTargets(context, [target], async ([one], failed) => {
        if (one === undefined) return;
        await orSkip(failed, target.name, () => measure({ one, scale, figures, round }));
      });
      context.say(`  ${target.name} done`);
      for (const fault of faults) skipped.add(fault);
    }
    context.say(`  round ${round + 1} done`);
  }
  return { figures, skipped: [...skipped] };
}

interface Cell {
  readonly one: Loaded;
  readonly scale: Scale;
  readonly figures: Figures;
  readonly round: number;
}

async function measure({ one, scale, figures, round }: Cell): Promise<void> {
  const { target, server, load } = one;
  const { name } = target;
  const { members } = scale;
  const where = { dialect: target.dialect, urls: [server.url], room: BENCH_ROOM };
  const open = { ...where, run: 'idle', textBytes: 200 };
  await load.ask('open', { id: 'warm-up', ...open, members: scale.warmup });
  await load.ask('close', { id: 'warm-up' });
  await settled(one, scale);
  const empty = residentBytes(server.pid);

  const before = cpuSeconds(server.pid);
  const { ms } = await load.ask('open', { id: 'all', ...open, members });
  const accepting = cpuSeconds(server.pid) - before;
  await settled(one, scale);
  figures.add(`bytes/${name}`, (residentBytes(server.pid) - empty) / members);
  figures.add(`accept-us/${name}`, (accepting / members) * 1e6);
  figures.add(`accept-per-second/${name}`, (members / ms) * 1000);

  if (round === 0) {
    const idle = cpuSeconds(server.pid);
    await pause(scale.beatsMs);
    const share = (cpuSeconds(server.pid) - idle) / (scale.beatsMs / 1000);
    figures.add(`beats-cpu/${name}`, (share / members) * 10_000 * 100);
  }
  await load.ask('check', { id: 'all' });
}

async function settled({ server }: Loaded, scale: Scale): Promise<void> {
  await pause(scale.settleMs);
  await server.probe?.ask('collect', null);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function tables(figures: Figures): readonly Table[] {
  const at = (what: string, name: string): string => shown(figures.at(`${what}/${name}`));
  return [
    {
      title: 'Members that say nothing',
      columns: [
        '',
        'bytes each',
        'CPU of heartbeats, 10 000 members',
        'CPU to come in, µs',
        'come in, per second',
      ],
      rows: targets.map(({ name, words }) => [
        words,
        at('bytes', name),
        `${at('beats-cpu', name)} %`,
        at('accept-us', name),
        at('accept-per-second', name),
      ]),
    },
  ];
}

function goals(figures: Figures): readonly Goal[] {
  const ours = figures.at('bytes/mini-chat');
  return [
    bound('idle memory per member', ours / 1000, { atMost: 10, unit: 'kB' }),
    bound("the same, as a share of socket.io's", ours / figures.at('bytes/socket.io'), {
      atMost: 0.45,
    }),
  ];
}

function losses(figures: Figures): readonly string[] {
  const costs = [
    ['bytes', 'memory of an idle member'],
    ['accept-us', 'CPU for a member to come in'],
    ['beats-cpu', 'CPU of heartbeats'],
  ] as const;
  return costs.flatMap(([what, title]) =>
    targets.flatMap(({ name, words }) => {
      const ratio = figures.at(`${what}/mini-chat`) / figures.at(`${what}/${name}`);
      return ratio > 1 ? [`${title}: ${shown(ratio)} times that of ${words}`] : [];
    }),
  );
}

export const idle: Bench = {
  name: 'idle',
  question: 'What does a member cost that says nothing?',
  run,
  tables,
  goals,
  losses,
};
