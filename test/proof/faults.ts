/**
 * What a run does to servers, databases, networks and members: one row per kind. A fault begins,
 * lasts for a while, and ends; two never hold the same thing at once.
 */

import {
  MongoClient,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import type { Dice } from './dice.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { Member } from './member.ts';
import {
  blackHole,
  crumbs,
  cut,
  type End,
  loseDown,
  loseReply,
  type NetworkFault,
  oneWay,
  refuse,
  reset,
  slow,
} from './network-faults.ts';
import type { ProofProcess } from './processes.ts';
import type { Line, Stage, StageServer } from './stage.ts';

/** What a fault has to play with. */
export interface Scene {
  readonly stage: Stage;
  readonly dice: Dice;
  readonly members: readonly Member[];
  /** What some fault holds at present. */
  readonly held: Set<object>;
  /** Something that must not happen did: a drain that ends badly, say. */
  readonly complain: (words: string) => void;
}

interface FaultKind {
  readonly weight: number;
  readonly holdMs: readonly [least: number, most: number];
  /** On which stores; both when it is not said. */
  readonly store?: 'sqlite' | 'mongodb';
  /** Undefined when there is nothing to do it to. */
  readonly begin: (scene: Scene) => Promise<End | undefined> | End | undefined;
}

/** By the name that the report gives them. */
export const faultKinds = {
  'server: kill -9': { weight: 6, holdMs: [0, 0], begin: crashServer },
  'server: SIGSTOP': { weight: 3, holdMs: [100, 6000], begin: pauseServer },
  'server: SIGTERM': { weight: 3, holdMs: [0, 600], begin: drainServer },
  'server: no files left': { weight: 1, holdMs: [300, 3000], begin: starveOfFiles },
  'server: disk full': { weight: 2, holdMs: [200, 3000], store: 'sqlite', begin: fillDisk },
  'client network: reset': { weight: 6, holdMs: [0, 0], begin: onLine(reset) },
  'client network: black hole': { weight: 3, holdMs: [300, 7000], begin: onLine(blackHole) },
  'client network: one way': { weight: 3, holdMs: [300, 7000], begin: onLine(oneWay) },
  'client network: slow': { weight: 3, holdMs: [500, 4000], begin: onLine(slow) },
  'client network: crumbs': { weight: 2, holdMs: [100, 800], begin: onLine(crumbs) },
  'client network: cut mid-frame': { weight: 4, holdMs: [50, 500], begin: onLine(cut) },
  'client network: reply lost': { weight: 5, holdMs: [20, 300], begin: onLine(loseDown) },
  'client network: refused': { weight: 2, holdMs: [200, 1500], begin: onLine(refuse) },
  'client: other node': { weight: 4, holdMs: [0, 0], store: 'mongodb', begin: switchLine },
  'client: reload': { weight: 4, holdMs: [0, 0], begin: reload },
  'database: kill -9': { weight: 3, holdMs: [0, 1500], store: 'mongodb', begin: crashDatabase },
  'database: SIGSTOP': { weight: 2, holdMs: [100, 5000], store: 'mongodb', begin: pauseDatabase },
  'database: steps down': { weight: 3, holdMs: [0, 2000], store: 'mongodb', begin: stepDown },
  'database network: reset': { weight: 4, holdMs: [0, 0], ...behind(reset) },
  'database network: black hole': { weight: 2, holdMs: [300, 6000], ...behind(blackHole) },
  'database network: one way': { weight: 2, holdMs: [300, 6000], ...behind(oneWay) },
  'database network: slow': { weight: 3, holdMs: [500, 4000], ...behind(slow) },
  'database network: crumbs': { weight: 1, holdMs: [100, 800], ...behind(crumbs) },
  'database network: cut mid-reply': { weight: 3, holdMs: [50, 500], ...behind(cut) },
  'database network: reply lost': { weight: 6, holdMs: [100, 600], ...behind(loseReply) },
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof faultKinds;

/** Picks a kind that fits this stage, by weight. */
export function pickFault({ stage, dice }: Scene): FaultName {
  const weights: Partial<Record<FaultName, number>> = {};
  for (const [name, kind] of Object.entries(faultKinds) as [FaultName, FaultKind][]) {
    if (kind.store === undefined || kind.store === stage.kind) weights[name] = kind.weight;
  }
  return dice.weighted(weights as Record<FaultName, number>);
}

/** Begins a fault of this kind. Undefined when what it needs is held by another one. */
export async function beginFault(
  name: FaultName,
  scene: Scene,
): Promise<{ readonly holdMs: number; readonly end: End } | undefined> {
  const kind: FaultKind = faultKinds[name];
  const end = await kind.begin(scene);
  if (end === undefined) return undefined;
  return { holdMs: scene.dice.between(...kind.holdMs), end };
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────

async function crashServer(scene: Scene): Promise<End | undefined> {
  const { dice } = scene;
  const process = holdServer(scene)?.process;
  if (process === undefined) return undefined;
  await process.crash();
  if (dice.chance(0.5)) leadElsewhere(scene.stage, process);
  return async () => {
    await startServer(process, scene);
    scene.held.delete(process);
  };
}

/** As a load balancer does when a server is gone. */
export function leadElsewhere(stage: Stage, gone: ProofProcess): void {
  const other = stage.servers.find(({ process }) => process !== gone && process.isUp);
  if (other === undefined) return;
  for (const line of stage.lines) {
    if (line.server.process === gone) stage.switchLine(line, other);
  }
}

function pauseServer(scene: Scene): End | undefined {
  const process = holdServer(scene)?.process;
  if (process === undefined) return undefined;
  process.pause();
  return () => {
    process.goOn();
    scene.held.delete(process);
  };
}

async function drainServer(scene: Scene): Promise<End | undefined> {
  const process = holdServer(scene)?.process;
  if (process === undefined) return undefined;
  const code = await process.drain();
  if (code !== 0) scene.complain(`${process.name} drained with ${code}: ${process.lastWords}`);
  return async () => {
    await startServer(process, scene);
    scene.held.delete(process);
  };
}

function starveOfFiles(scene: Scene): Promise<End | undefined> {
  return limitServer(scene, 'nofile', { least: 24, usual: 1024 });
}

/** No file can grow beyond what its first page takes: every commit fails as on a full disk. */
function fillDisk(scene: Scene): Promise<End | undefined> {
  return limitServer(scene, 'fsize', { least: 4096, usual: 'unlimited' });
}

async function limitServer(
  scene: Scene,
  resource: 'nofile' | 'fsize',
  { least, usual }: { readonly least: number; readonly usual: number | 'unlimited' },
): Promise<End | undefined> {
  const process = holdServer(scene)?.process;
  if (process === undefined) return undefined;
  const isLimited = await process.limit(resource, least);
  if (!isLimited) scene.held.delete(process);
  if (!isLimited) return undefined;
  return async () => {
    await process.limit(resource, usual);
    scene.held.delete(process);
  };
}

async function crashDatabase(scene: Scene): Promise<End | undefined> {
  const database = holdDatabase(scene);
  if (database === undefined) return undefined;
  await database.crash();
  return async () => {
    await database.startAgain();
    scene.held.delete(database);
  };
}

function pauseDatabase(scene: Scene): End | undefined {
  const database = holdDatabase(scene);
  if (database === undefined) return undefined;
  database.pause();
  return () => {
    database.goOn();
    scene.held.delete(database);
  };
}

/** The primary steps down: another one is elected, or none for a while where there is no other. */
async function stepDown({ stage: { mongoUrl }, dice, complain }: Scene): Promise<End | undefined> {
  if (mongoUrl === undefined) return undefined;
  const client = new MongoClient(mongoUrl, { serverSelectionTimeoutMS: 2000 });
  const command = [
    ['replSetStepDown', dice.between(2, 8)],
    ['secondaryCatchUpPeriodSecs', dice.pick([0, 1])],
    ['force', true],
  ] as const;
  try {
    await client.db('admin').command(Object.fromEntries<number | boolean>(command));
    return () => undefined;
  } catch (error) {
    // Its connections are closed by the step-down itself; that is no refusal.
    if (error instanceof MongoNetworkError) return () => undefined;
    if (!isWithoutPrimary(error)) complain(`no step down: ${String(error)}`);
    return undefined;
  } finally {
    await client.close();
  }
}

function isWithoutPrimary(error: unknown): boolean {
  if (error instanceof MongoServerSelectionError) return true;
  return error instanceof MongoServerError && error.code === NOT_WRITABLE_PRIMARY;
}

const NOT_WRITABLE_PRIMARY = 10107;

/** A server that finds no database does not start: it is started until it does. */
export async function startServer(
  process: ProofProcess,
  { complain }: Pick<Scene, 'complain'>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await process.startAgain();
    } catch (error) {
      if (tries < 20) continue;
      complain(`${process.name} did not start again: ${String(error)}`);
      throw error;
    }
  }
}

function holdServer({ stage, dice, held }: Scene): StageServer | undefined {
  const free = stage.servers.filter(({ process }) => !held.has(process) && process.isUp);
  if (free.length === 0) return undefined;
  const server = dice.pick(free);
  held.add(server.process);
  return server;
}

function holdDatabase({ stage: { database }, held }: Scene): ProofProcess | undefined {
  if (database === undefined || held.has(database)) return undefined;
  held.add(database);
  return database;
}

// ── networks ────────────────────────────────────────────────────────────────────────────────────

function onLine(begin: NetworkFault): FaultKind['begin'] {
  return (scene) => {
    const { stage, dice } = scene;
    return holdNetwork(dice.pick(stage.lines).proxy, begin, scene);
  };
}

function behind(begin: NetworkFault): Pick<FaultKind, 'store' | 'begin'> {
  return {
    store: 'mongodb',
    begin: (scene) => {
      const { toDatabase } = scene.dice.pick(scene.stage.servers);
      return toDatabase === undefined ? undefined : holdNetwork(toDatabase, begin, scene);
    },
  };
}

function holdNetwork(proxy: FaultProxy, begin: NetworkFault, scene: Scene): End | undefined {
  const { held, dice } = scene;
  if (held.has(proxy)) return undefined;
  held.add(proxy);
  const end = begin(proxy, dice);
  return async () => {
    await end();
    held.delete(proxy);
  };
}

// ── members ─────────────────────────────────────────────────────────────────────────────────────

function switchLine({ stage, dice, held }: Scene): End | undefined {
  const line: Line = dice.pick(stage.lines);
  const others = stage.servers.filter((server) => server !== line.server);
  if (held.has(line.proxy) || others.length === 0) return undefined;
  stage.switchLine(line, dice.pick(others));
  line.proxy.reset();
  return () => undefined;
}

function reload({ members, dice }: Scene): End {
  dice.pick(members).reload();
  return () => undefined;
}
