/** The tables of docs/scale.md: arithmetic with costs from results.ndjson, and two simulations. */

import { shown, type Table } from '../bench.ts';
import type { Run } from '../results.ts';
import { type Bill, billFor, type Costs, type Habits } from './arithmetic.ts';
import { simulateContention } from './contention.ts';
import { simulateStorm } from './storm.ts';

/** Talkative rooms of a middling size; a support desk says less, a raid in a game more. */
const habits: Habits = { messagesPerHour: 20, roomSize: 100, heartbeatSeconds: 25 };

const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7] as const;
const SEED = 1;

/** Every table of the page, by the name of its place. */
export function scaleTables(runs: ReadonlyMap<string, Run>): ReadonlyMap<string, Table> {
  const costs = costsOf(runs);
  return new Map([
    ['scale costs', costTable(costs)],
    ['scale members', memberTable(SIZES.map((members) => billFor(members, habits, costs)))],
    ['scale contention', contentionTable()],
    ['scale storm', stormTable(costs)],
  ]);
}

/** The newest figures; NaN where a bench was not run. */
function costsOf(runs: ReadonlyMap<string, Run>): Costs {
  const at = (bench: string, figure: string): number =>
    runs.get(bench)?.result.figures.at(figure) ?? Number.NaN;
  // The bench gives the CPU of heartbeats as per cent of a core for 10 000 members.
  const beatsPerSecond = 10_000 / habits.heartbeatSeconds;
  return {
    deliveryUs: at('fan-out', 'cpu-us/mini-chat/N=1000/W=1'),
    beatUs: (at('idle', 'beats-cpu/mini-chat') / 100 / beatsPerSecond) * 1e6,
    acceptUs: at('idle', 'accept-us/mini-chat'),
    memberBytes: at('idle', 'bytes/mini-chat'),
    hintUs: at('many-nodes', 'hint-cpu-us'),
    sqlitePerSecond: at('write-path', 'append/sqlite/rooms=20'),
  };
}

function costTable(costs: Costs): Table {
  const row = (what: string, value: number, unit: string, bench: string): string[] => [
    what,
    `${shown(value)} ${unit}`,
    bench,
  ];
  return {
    title: 'What one of each thing costs',
    columns: ['what', 'measured', 'bench'],
    rows: [
      row('one message on one connection, alone in its write', costs.deliveryUs, 'µs', 'fan-out'),
      row('a heartbeat, answered', costs.beatUs, 'µs', 'idle'),
      row('a member coming in', costs.acceptUs, 'µs', 'idle'),
      row('an idle member, in the process', costs.memberBytes, 'bytes', 'idle'),
      row('news of an entry that no member here reads', costs.hintUs, 'µs', 'many-nodes'),
      row('durable messages, SQLite', costs.sqlitePerSecond, 'a second', 'write-path'),
    ],
  };
}

function memberTable(bills: readonly Bill[]): Table {
  const row = (what: string, value: (bill: Bill) => number): string[] => [
    what,
    ...bills.map((bill) => shown(value(bill))),
  ];
  return {
    title: 'What members cost',
    columns: ['members', ...bills.map(({ members }) => shown(members))],
    rows: [
      row('messages a second to store', (bill) => bill.messagesPerSecond),
      row('deliveries a second', (bill) => bill.deliveriesPerSecond),
      row('cores for deliveries', (bill) => bill.deliveryCores),
      row('cores for heartbeats', (bill) => bill.beatCores),
      row('memory of all processes, GB', (bill) => bill.memoryGb),
      row('of each core for hints, %', (bill) => bill.hintShare * 100),
      row('node processes', (bill) => bill.nodes),
    ],
  };
}

const CONTENTION = { insertMs: 5, readMs: 2, hintMs: 3, seconds: 8, seed: SEED };

function contentionTable(): Table {
  const rows = [1, 2, 4, 8].flatMap((nodes) =>
    [50, 500, 2000].map((rate) => {
      const cells = [10, 1].map((jitterMs) =>
        simulateContention({ ...CONTENTION, nodes, rate, jitterMs }),
      );
      const waits = cells.map(({ p50Ms, p99Ms }) => `${shown(p50Ms)} / ${shown(p99Ms)}`);
      return [shown(nodes), shown(rate), ...waits, shown(cells.at(-1)?.tries ?? Number.NaN)];
    }),
  );
  return {
    title: 'One hot room, written to by several nodes',
    columns: [
      'nodes',
      'messages/s',
      'waits, jitter to 10 ms (p50 / p99, ms)',
      'to 1 ms',
      'inserts a batch',
    ],
    rows,
  };
}

function stormTable(costs: Costs): Table {
  const measured = Math.round(1e6 / costs.acceptUs);
  const rates = Number.isFinite(measured) ? [measured, 4 * measured] : [2000, 8000];
  const rows = [10_000, 50_000].flatMap((members) =>
    rates.map((acceptPerSecond) => {
      const storm = simulateStorm({ members, acceptPerSecond, seed: SEED });
      const cells = [storm.half, storm.most, storm.all, storm.vain];
      return [shown(members), shown(acceptPerSecond), ...cells.map(shown)];
    }),
  );
  return {
    title: 'All members of a lost node come back',
    columns: [
      'members',
      'let in a second',
      'half in, s',
      '99 % in, s',
      'all in, s',
      'vain tries each',
    ],
    rows,
  };
}
