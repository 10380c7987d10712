/**
 * Where a fault run takes place: server processes, their store, and a bad network in front of and
 * behind them. Knows neither members nor what a fault is.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { databaseUrl } from '../support/mongo.ts';
import type { Dice } from './dice.ts';
import { FaultProxy } from './fault-proxy.ts';
import { ProofProcess } from './processes.ts';
import { dropDatabase, serverProgram, startDatabase } from './programs.ts';

export type StoreKind = 'sqlite' | 'mongodb';

/** A server, and the network between it and its database where it has one. */
export interface StageServer {
  readonly process: ProofProcess;
  readonly toDatabase?: FaultProxy;
}

/** Clients connect to lines; each leads to some server, and may lead to another one later. */
export interface Line {
  readonly proxy: FaultProxy;
  server: StageServer;
}

const LINES = 4;
/** A server asks its database for at most two seconds before it says that it is not ready. */
const READY_MS = 3000;
const PATIENCE_MS = 90_000;

export class Stage {
  readonly kind: StoreKind;
  /** In words, for a report. */
  readonly store: string;
  readonly servers: readonly StageServer[];
  readonly lines: readonly Line[];
  /** The database process, when it is ours to be treated badly. */
  readonly database: ProofProcess | undefined;
  /** Where the store is read for the verdict, past every bad network. */
  readonly mongoUrl: string | undefined;
  readonly #folder: string;
  /** Its database runs elsewhere, and only the part that is ours may be dropped. */
  readonly #isGiven: boolean;

  private constructor(kind: StoreKind, folder: string, parts: Parts, lines: readonly Line[]) {
    this.kind = kind;
    this.store = parts.store;
    this.servers = parts.servers;
    this.lines = lines;
    this.database = parts.database;
    this.mongoUrl = parts.mongoUrl;
    this.#isGiven = parts.isGiven ?? false;
    this.#folder = folder;
  }

  /** Starts everything. One server on SQLite, two on MongoDB with clocks that differ. */
  static async open(kind: StoreKind, dice: Dice): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'mini-chat-proof-'));
    const parts = kind === 'sqlite' ? await onSqlite(folder, dice) : await onMongodb(folder, dice);
    return new Stage(kind, folder, parts, await linesTo(parts.servers, dice));
  }

  /** Two servers on a replica set that runs elsewhere, in a database that is dropped at the end. */
  static async openOnSet(url: string, dice: Dice): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'mini-chat-proof-'));
    const mongoUrl = databaseUrl(url, `mini_chat_proof_${dice.seed()}`);
    const servers: StageServer[] = [];
    for (const name of ['server 1', 'server 2']) {
      const program = serverProgram({ name, store: ['--mongo', mongoUrl] });
      servers.push({ process: await ProofProcess.start(program) });
    }
    const parts: Parts = { servers, mongoUrl, isGiven: true, store: 'MongoDB (a replica set)' };
    return new Stage('mongodb', folder, parts, await linesTo(servers, dice));
  }

  /** The SQLite file, where the store is one. */
  get file(): string {
    return join(this.#folder, 'messages.db');
  }

  /** Leads the lines to all servers in turn, as at the start. */
  spread(): void {
    this.lines.forEach((line, i) => {
      const server = this.servers[i % this.servers.length];
      if (server !== undefined) this.switchLine(line, server);
    });
  }

  /** Leads a line to another server; connections there are stay where they are. */
  switchLine(line: Line, server: StageServer): void {
    line.server = server;
    line.proxy.aim(server.process.port);
  }

  /** As a load balancer does: leads lines away from servers that say they are not ready. */
  async balance(): Promise<void> {
    await Promise.all(
      this.servers.map(async (server) => {
        if (await isReady(server.process)) return;
        for (const other of this.servers) {
          if (other !== server && (await isReady(other.process))) this.#leadAll(server, other);
        }
      }),
    );
  }

  #leadAll(from: StageServer, to: StageServer): void {
    for (const line of this.lines) if (line.server === from) this.switchLine(line, to);
  }

  /** What ended without being asked to, with its last words. */
  takeOwnEnds(): readonly string[] {
    const database = this.database === undefined ? [] : [this.database];
    const processes = [...database, ...this.servers.map(({ process }) => process)];
    return processes.flatMap((process) =>
      process.takeOwnEnds().map((end) => `${end}: ${process.lastWords}`),
    );
  }

  /** Everything up and every network good again. */
  async calm(): Promise<void> {
    for (const { proxy } of this.lines) proxy.clear();
    for (const { toDatabase } of this.servers) toDatabase?.clear();
    this.database?.goOn();
    await this.database?.startAgain();
    for (const { process } of this.servers) {
      process.goOn();
      await process.startAgain();
    }
    for (const { process } of this.servers) await becomesReady(process);
  }

  /** Ends every process and frees every port and folder. */
  async close(): Promise<void> {
    for (const { process, toDatabase } of this.servers) {
      await process.crash();
      await toDatabase?.close();
    }
    for (const { proxy } of this.lines) await proxy.close();
    await this.database?.crash();
    if (this.#isGiven && this.mongoUrl !== undefined) await dropDatabase(this.mongoUrl);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** What /readyz says; false also when it says nothing. */
export async function isReady({ port }: ProofProcess): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(READY_MS);
    return (await fetch(`http://127.0.0.1:${port}/readyz`, { signal })).ok;
  } catch {
    // Nothing is lost: whoever wants to know asks again.
    return false;
  }
}

/** A server that was cut off from its database finds it again by itself. */
export async function becomesReady(process: ProofProcess): Promise<void> {
  const started = performance.now();
  while (!(await isReady(process))) {
    if (performance.now() - started > PATIENCE_MS) {
      throw new Error(`${process.name} is not ready: ${process.lastWords}`);
    }
    await wait(50);
  }
}

interface Parts {
  readonly servers: readonly StageServer[];
  readonly store: string;
  readonly database?: ProofProcess;
  readonly mongoUrl?: string;
  readonly isGiven?: boolean;
}

async function linesTo(servers: readonly StageServer[], dice: Dice): Promise<readonly Line[]> {
  const lines: Line[] = [];
  for (let i = 0; i < LINES; i += 1) {
    const server = servers[i % servers.length];
    if (server === undefined) throw new Error('a stage needs a server');
    lines.push({ proxy: await FaultProxy.open(server.process.port, dice), server });
  }
  return lines;
}

async function onSqlite(folder: string, dice: Dice): Promise<Parts> {
  const clockMs = dice.between(-3000, 3000);
  const program = serverProgram({ name: 'server', store: ['--data', folder], clockMs });
  return { servers: [{ process: await ProofProcess.start(program) }], store: 'SQLite' };
}

async function onMongodb(folder: string, dice: Dice): Promise<Parts> {
  const { process: database, kind } = await startDatabase(join(folder, 'database'));
  const servers: StageServer[] = [];
  for (const name of ['server 1', 'server 2']) {
    const toDatabase = await FaultProxy.open(database.port, dice);
    const store = ['--mongo', directUrl(toDatabase.port)] as const;
    const clockMs = dice.between(-3000, 3000);
    const program = serverProgram({ name, store, clockMs });
    servers.push({ process: await ProofProcess.start(program), toDatabase });
  }
  const store = kind === 'mongod' ? 'MongoDB' : 'MongoDB (stand-in)';
  return { servers, database, store, mongoUrl: directUrl(database.port) };
}

/** Direct: the set would otherwise name its own port, and the driver would go around the proxy. */
function directUrl(port: number): string {
  return `mongodb://127.0.0.1:${port}/proof?directConnection=true`;
}
