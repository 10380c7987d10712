/**
 * A MongoDB for tests: the first of this ladder that works.
 * 1. `MONGO_URL`; 2. `mongod` on PATH or fetched before; 3. the stand-in, fetched before; 4. a real
 * `mongod`, fetched now by mongodb-memory-server; 5. the stand-in, fetched now.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { MongoClient } from 'mongodb';

import {
  fetchMongod,
  fetchStandIn,
  findMongod,
  findStandIn,
  type StandIn,
} from './mongo-programs.ts';

/** Which rung held. The stand-in proves our use of the driver, not failover, lag or speed. */
export type MongoKind = 'given' | 'mongod' | 'stand-in';

interface RunningMongo {
  /** No database in its path: every test takes one of its own. */
  readonly url: string;
  readonly kind: MongoKind;
  /** Ends the server, if it was started here. It ends with this process anyway. */
  readonly close: () => Promise<void>;
}

interface Program {
  readonly kind: MongoKind;
  readonly command: readonly string[];
  readonly set: string;
}

/** Long enough for a first start on a slow disk. */
const START_MS = 90_000;

/** Starts one. Rejects with one line that says what to do when none can be had. */
export async function startMongo(): Promise<RunningMongo> {
  const given = process.env['MONGO_URL'];
  if (given !== undefined && given !== '') {
    return { url: given, kind: 'given', close: async () => {} };
  }
  const mongod = findMongod();
  if (mongod !== undefined) return start(mongodProgram(mongod));
  const standIn = findStandIn();
  if (standIn !== undefined) return start(standInProgram(standIn));
  const fetched = await fetchMongod();
  if (fetched !== undefined) return start(mongodProgram(fetched));
  return start(standInProgram(await fetchStandIn()));
}

/** The same server with a database of its own in the path. */
export function databaseUrl(url: string, database: string): string {
  const parts = new URL(url);
  parts.pathname = `/${database}`;
  return parts.href;
}

const mongodProgram = (file: string): Program => ({
  kind: 'mongod',
  command: [
    file,
    '--replSet',
    'mini',
    '--bind_ip',
    '127.0.0.1',
    '--setParameter',
    'enableTestCommands=1',
  ],
  set: 'mini',
});

const standInProgram = ({ python, packages, config }: StandIn): Program => ({
  kind: 'stand-in',
  command: [
    ...[python, '-I', '-c', RUN_STAND_IN, packages, '--config', config, '--host', '127.0.0.1'],
    ...['--sync-on-commit', '--cache-size', '256M', '--log-level', 'WARNING'],
    '--enable-test-commands',
  ],
  set: 'secantus',
});

/** Isolated from whatever Python packages the machine has; argument 1 is where its own are. */
const RUN_STAND_IN =
  'import sys; sys.path.insert(0, sys.argv.pop(1)); import secantus.cli; secantus.cli.main()';

/** A port that was free may be taken before the program is there: then it tries another. */
const TRIES_MAX = 3;

async function start(program: Program): Promise<RunningMongo> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startAt(await freePort(), program);
    } catch (error) {
      if (tries === TRIES_MAX) throw error;
    }
  }
}

async function startAt(port: number, program: Program): Promise<RunningMongo> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-mongo-'));
  const place = program.kind === 'mongod' ? '--dbpath' : '--storage-path';
  const [file = '', ...args] = program.command;
  const child = spawnOnLeash(file, [...args, '--port', String(port), place, folder]);
  const close = async (): Promise<void> => {
    child.ref();
    child.stdin?.destroy();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const url = `mongodb://127.0.0.1:${port}/?replicaSet=${program.set}`;
    const answering = async (): Promise<void> => {
      if (program.kind === 'mongod') await initiate(port, program.set);
      await answers(url);
    };
    await Promise.race([answering(), failsToStart(child, file)]);
    return { url, kind: program.kind, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function spawnOnLeash(file: string, args: readonly string[]): ChildProcess {
  const leash = path.join(import.meta.dirname, 'leash.ts');
  const child = spawn(process.execPath, [leash, file, ...args], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.unref();
  return child;
}

async function failsToStart(child: ChildProcess, file: string): Promise<never> {
  const [code] = (await once(child, 'exit')) as [number | null];
  throw new Error(`${file} ended with ${code} before it answered`);
}

/** A replica set of one, which has change streams and majority as a larger one does. */
async function initiate(port: number, set: string): Promise<void> {
  const url = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const client = new MongoClient(url, { serverSelectionTimeoutMS: START_MS });
  try {
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await client.db('admin').command({ replSetInitiate: { _id: set, members } });
  } finally {
    await client.close();
  }
}

async function answers(url: string): Promise<void> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: START_MS });
  try {
    await client.db('admin').command({ ping: 1 }, { readPreference: 'primary' });
  } finally {
    await client.close();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
