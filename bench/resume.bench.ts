/**
 * Question: how soon is everybody back after the network was gone?
 *
 * Method: members come in with their own tokens, go away without a word, and come back at once. (1)
 * `behind` messages were written meanwhile and each member resumes from its cursor: until the last
 * one has every entry, checked for order. (2) Nothing was missed: until the last one is in the room
 * with its cursor. (3) The same members as if they had forgotten everything, so that each is given
 * the newest page: what cursors save.
 *
 * What would make it lie: coming back one after another (128 connections are being opened at any
 * time); a client that is slower than the server (its busy share is a column); entries from a cache
 * that real traffic would have emptied (all members miss the same entries, as after a restart,
 * which is when a server is stormed).
 */

import { type Bench, type Context, Figures, shown, type Table } from './bench.ts';
import { type Loaded, orSkip, withTargets } from './load-targets.ts';
import { cpuSeconds } from './processes.ts';
import type { OpenRoom } from './load-client.ts';
import { memory, sqlite } from './targets.ts';

interface Scale {
  readonly missing: { readonly members: number; readonly behind: number };
  readonly storm: { readonly members: number };
}

const scales: { readonly [Size in Context['size']]: Scale } = {
  toy: { missing: { members: 5, behind: 40 }, storm: { members: 10 } },
  mid: { missing: { members: 200, behind: 1000 }, storm: { members: 1000 } },
  real: { missing: { members: 1000, behind: 1000 }, storm: { members: 5000 } },
};

const targets = [sqlite, memory];

async function run(context: Context): Promise<{ figures: Figures; skipped: string[] }> {
  const figures = new Figures();
  const scale = scales[context.size];
  const skipped = await withTargets(context, targets, async (loaded, faults) => {
    for (let round = 0; round < context.rounds; round += 1) {
      for (const one of loaded) {
        const { name } = one.target;
        const room = `resume-${context.seed}-${round}`;
        const cell = { one, room, figures };
        await orSkip(faults, `${name} behind`, () => behind({ ...cell, ...scale.missing }));
        await orSkip(faults, `${name} storm`, () => storm({ ...cell, ...scale.storm, behind: 0 }));
      }
      context.say(`  round ${round + 1} done`);
    }
  });
  return { figures, skipped };
}

interface Cell {
  readonly one: Loaded;
  readonly room: string;
  readonly figures: Figures;
  readonly members: number;
  readonly behind: number;
}

async function behind(cell: Cell): Promise<void> {
  const { load } = cell.one;
  await load.ask('open', { id: 'gone', ...place(cell), run: 'gone', members: cell.members });
  await load.ask('close', { id: 'gone' });
  await load.ask('open', { id: 'writer', ...place(cell), run: 'writer', members: 1 });
  await load.ask('fill', { id: 'writer', messages: cell.behind, inFlight: 64 });
  await load.ask('close', { id: 'writer' });
  await comeBack(cell, { what: 'behind', resume: true });
}

async function storm(cell: Cell): Promise<void> {
  const { load } = cell.one;
  await load.ask('open', { id: 'gone', ...place(cell), run: 'gone', members: cell.members });
  await load.ask('close', { id: 'gone' });
  await comeBack(cell, { what: 'storm', resume: true });
  await comeBack(cell, { what: 'forgotten', resume: false });
}

async function comeBack(cell: Cell, how: { what: string; resume: boolean }): Promise<void> {
  const { one, figures, members } = cell;
  const { load, server, target } = one;
  const entries = how.resume ? cell.behind : 0;
  const before = cpuSeconds(server.pid);
  const back = { id: 'back', ...place(cell), run: 'back', members, returnOf: 'gone' };
  const opened = await load.ask('open', { ...back, resume: how.resume });
  const reached = await load.ask('reached', { id: 'back', entries });
  await load.ask('check', { id: 'back' });
  const key = `${how.what}/${target.name}`;
  const ms = opened.ms + reached.ms;
  figures.add(`ms/${key}`, ms);
  figures.add(`entries/${key}`, (members * entries * 1000) / ms);
  figures.add(`cpu-us/${key}`, ((cpuSeconds(server.pid) - before) / members) * 1e6);
  figures.add(`busy/${key}`, opened.clientBusy);
  await load.ask('close', { id: 'back' });
}

function place({ one, room }: Cell): Pick<OpenRoom, 'dialect' | 'urls' | 'room' | 'textBytes'> {
  return { dialect: 'mini-chat', urls: [one.server.url], room, textBytes: 200 };
}

const cases = [
  ['behind', '1000 members, each 1000 messages behind'],
  ['storm', '5000 members who missed nothing'],
  ['forgotten', '5000 members without cursors, a page of 50 each'],
] as const;

function tables(figures: Figures): readonly Table[] {
  const columns = ['', 'all back after, ms', 'entries/s', 'server CPU each, µs', 'client busy'];
  return cases.map(([what, title]) => ({
    title: `Coming back: ${title}`,
    columns,
    rows: targets.map(({ name, words }) => [
      words,
      ...['ms', 'entries', 'cpu-us', 'busy'].map((of) =>
        shown(figures.at(`${of}/${what}/${name}`)),
      ),
    ]),
  }));
}

export const resume: Bench = {
  name: 'resume',
  question: 'How soon is everybody back after the network was gone?',
  run,
  tables,
  goals: () => [],
  losses: () => [],
};
