/**
 * `npm run prove`: the model, power cuts, and fault runs, for as long as it is told. Prints the
 * table of docs/GUARANTEES.md, and writes it there after a run of ten minutes or with --write.
 */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../support/browsers.ts';
import { conversation, type Line } from '../support/irc.ts';
import { seedOfRun } from '../support/seed.ts';
import { runBrowsers } from './browser-run.ts';
import { describeViolations } from './checker.ts';
import { Dice } from './dice.ts';
import { type FaultName, faultKinds } from './faults.ts';
import { saveHistory } from './history.ts';
import type { Explored } from './model/explore.ts';
import { exploreFor } from './model/explore-all.ts';
import { cutPower, type PowerCutResult } from './power-cut.ts';
import { renderProof, writeProof } from './report.ts';
import { Round, type RoundResult } from './round.ts';
import { timeReturn } from './return-time.ts';
import { Stage, type StoreKind } from './stage.ts';
import { makeStorm, stormSize, type StormResult } from './storm.ts';
import { Tally } from './tally.ts';

/** The shares of the time; fault runs get the rest. */
const MODEL_SHARE = 0.15;
const POWER_SHARE = 0.05;
const BROWSER_SHARE = 0.1;

/** A stage is built anew after so many rounds, so that what it stores stays small. */
const ROUNDS_PER_STAGE = 8;
const STORM_MS = 30_000;
const DRAFTS_PER_SECOND = 1500;
/** The first round on each stage is a conversation, another one each time. */
const SCRIPT_LINES = 1500;
const SCRIPT_YEARS = ['2004', '2016', '2005', '2010'];
/** In a short run there is no time for a storm of thousands. */
const STORM = { clients: 5000, rooms: 50, behind: 100 };
const STORM_TOY = { clients: 300, rooms: 10, behind: 100 };
/** Crashes that are timed, on each stage. */
const TIMED_CRASHES = 2;
const CUTS_PER_TRACE = 100;
const BATCHES_PER_TRACE = 800;
const MINUTES_TO_WRITE = 10;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '3' },
    seed: { type: 'string' },
    store: { type: 'string' },
    only: { type: 'string' },
    histories: { type: 'string', default: tmpdir() },
    write: { type: 'boolean', default: false },
  },
});

const write = (text: string): void => void process.stdout.write(`${text}\n`);
const minutes = positive('--minutes', values.minutes);
const seed = values.seed === undefined ? seedOfRun() : positive('--seed', values.seed);
const stores = storesOf(values.store);
const only = kindsOf(values.only);
process.exitCode = (await prove()) ? 0 : 1;

async function prove(): Promise<boolean> {
  const totalMs = minutes * 60_000;
  write(`proof of ${minutes} minutes, seed ${seed}`);
  const model = await runModel(totalMs * MODEL_SHARE);
  const powerCuts = stores.includes('sqlite') ? await runCuts(totalMs * POWER_SHARE) : undefined;
  const share = (totalMs * (1 - MODEL_SHARE - POWER_SHARE - BROWSER_SHARE)) / stores.length;
  const tallies: Tally[] = [];
  for (const kind of stores) tallies.push(await runFaults(kind, share));
  const pages = only === undefined ? await runPages(totalMs * BROWSER_SHARE) : undefined;
  if (pages !== undefined) tallies.push(pages);
  const storm = stores.includes('sqlite') ? await runStorm() : undefined;
  const text = renderProof({ seed, minutes, tallies, model, powerCuts, storm });
  write(`\n${text}`);
  if (values.write || minutes >= MINUTES_TO_WRITE) await writeProof(text);
  const isClean = tallies.every((tally) => tally.isClean);
  if ((storm?.wrong.length ?? 0) > 0) return false;
  return isClean && model.failures.length === 0 && (powerCuts?.losses.length ?? 0) === 0;
}

async function runModel(ms: number): Promise<Explored> {
  const explored = await exploreFor(ms, seed);
  write(`model: ${explored.schedules} schedules, ${explored.failures.length} failures`);
  for (const { seed: failed, violations } of explored.failures.slice(0, 10)) {
    write(`SEED=${failed} npm run test:node -- proof/model\n${describeViolations(violations)}`);
  }
  return explored;
}

async function runCuts(ms: number): Promise<PowerCutResult> {
  const dice = new Dice(seed);
  const started = performance.now();
  let [cuts, checked] = [0, 0];
  let how: PowerCutResult['how'];
  const losses: string[] = [];
  do {
    const options = { dice, batches: BATCHES_PER_TRACE, cuts: CUTS_PER_TRACE };
    const result = await cutPower(options);
    ({ how } = result);
    cuts += result.cuts;
    checked += result.checked;
    losses.push(...result.losses);
  } while (performance.now() - started < ms);
  write(`power cuts by ${how}: ${cuts}, ${losses.length} with losses`);
  for (const loss of losses.slice(0, 10)) write(`  ${loss}`);
  return { how, cuts, checked, losses };
}

async function runStorm(): Promise<StormResult> {
  const wanted = minutes >= MINUTES_TO_WRITE ? STORM : STORM_TOY;
  const clients = await stormSize(wanted.clients);
  if (clients < wanted.clients) write(`storm: only ${clients} clients, for want of descriptors`);
  const storm = await makeStorm({ ...wanted, clients });
  const seconds = ((storm.liveAgainMs.at(-1) ?? 0) / 1000).toFixed(1);
  write(`storm of ${clients}: all live after ${seconds} s, ${storm.wrong.length} wrong`);
  for (const words of storm.wrong.slice(0, 10)) write(`  ${words}`);
  return storm;
}

async function runFaults(kind: StoreKind, ms: number): Promise<Tally> {
  const dice = new Dice(seed);
  const started = performance.now();
  let tally: Tally | undefined;
  do {
    const stage = await Stage.open(kind, dice);
    tally ??= new Tally(stage.store);
    try {
      for (let left = TIMED_CRASHES; left > 0; left -= 1) {
        tally.liveAgainMs.push(...(await timeReturn(stage, dice.seed())));
      }
      for (let left = ROUNDS_PER_STAGE; left > 0; left -= 1) {
        if (tally.rounds > 0 && performance.now() - started > ms - STORM_MS) return tally;
        const isFirst = left === ROUNDS_PER_STAGE;
        const script = isFirst ? scriptFor(tally.conversations) : undefined;
        if (isFirst) tally.conversations += 1;
        await runRound(stage, { seed: dice.seed(), tally, script });
      }
    } finally {
      await stage.close();
    }
  } while (performance.now() - started < ms);
  return tally;
}

function scriptFor(conversations: number): readonly Line[] {
  const { name, lines } = conversation(
    SCRIPT_YEARS[conversations % SCRIPT_YEARS.length] ?? '',
    SCRIPT_LINES,
  );
  write(`conversation: ${name}`);
  return lines;
}

interface RoundPlan {
  readonly seed: number;
  readonly tally: Tally;
  readonly script: readonly Line[] | undefined;
}

async function runRound(
  stage: Stage,
  { seed: roundSeed, tally, script }: RoundPlan,
): Promise<void> {
  const round = new Round({
    ...{ stage, seed: roundSeed, stormMs: STORM_MS, draftsPerSecond: DRAFTS_PER_SECOND },
    ...(only === undefined ? {} : { only }),
    ...(script === undefined ? {} : { script }),
    changes: tally.rounds % 2 === 1,
  });
  const result = await round.run();
  tally.add(result);
  const { acked, applied, faults, resumes } = result.verdict.figures;
  write(
    `${stage.store} round ${tally.rounds}, seed ${roundSeed}: ${acked} acked, ${applied} read, ` +
      `${faults} faults, ${resumes} resumes, ${result.verdict.violations.length} breaches`,
  );
  await tellWrong(stage.kind, result);
}

/** Real pages; undefined where there is no browser. */
async function runPages(ms: number): Promise<Tally | undefined> {
  if ((await findBrowser('chromium')) === undefined) return undefined;
  const dice = new Dice(seed);
  const started = performance.now();
  const tally = new Tally('Pages');
  do {
    const result = await runBrowsers({ seed: dice.seed(), stormMs: STORM_MS });
    tally.add(result);
    const { acked, applied, faults, resumes } = result.verdict.figures;
    write(
      `${result.engines.join(', ')} round ${tally.rounds}, seed ${result.seed}: ${acked} acked, ` +
        `${applied} read, ${faults} faults, ${resumes} resumes, ` +
        `${result.verdict.violations.length} breaches`,
    );
    await tellWrong('browsers', result);
  } while (performance.now() - started + STORM_MS < ms);
  return tally;
}

async function tellWrong(where: string, result: RoundResult): Promise<void> {
  const { verdict, complaints, history } = result;
  if (verdict.violations.length === 0 && complaints.length === 0) return;
  const file = join(values.histories, `mini-chat-${where}-${result.seed}.json`);
  await saveHistory(file, history);
  write([describeViolations(verdict.violations), ...complaints, `history: ${file}`].join('\n'));
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`${flag} must be a number above 0`);
}

function storesOf(text: string | undefined): readonly StoreKind[] {
  if (text === undefined) return ['sqlite', 'mongodb'];
  if (text === 'sqlite' || text === 'mongodb') return [text];
  throw new Error('--store must be sqlite or mongodb');
}

function kindsOf(text: string | undefined): readonly FaultName[] | undefined {
  const names = text?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !Object.hasOwn(faultKinds, name));
  if (unknown === undefined) return names as readonly FaultName[] | undefined;
  throw new Error(`--only: "${unknown}" is none of: ${Object.keys(faultKinds).join(', ')}`);
}
