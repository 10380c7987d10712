/** The programs that fault runs start: our server, and the database. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { HOST_SECRET } from '../support/host-tokens.ts';
import { fetchMongod, fetchStandIn, findMongod, findStandIn } from '../support/mongo-programs.ts';
import { freePort } from './free-port.ts';
import { type Program, ProofProcess } from './processes.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Members speak fast and from one address; deadlines are short, so that runs meet them. */
const FLAGS = [
  ...['--frames-per-second-max', '100000', '--sends-per-second-max', '100000'],
  ...['--sends-burst-max', '100000', '--waiting-per-address-max', '10000'],
  ...['--heartbeat-ms', '1500', '--append-ms', '4000', '--repair-ms', '2000'],
  ...['--drain-ms', '3000', '--reconnect-ms', '500', '--room-idle-ms', '3000'],
  ...['--slow-ms', '4000', '--store-silent-ms', '3000', '--log-level', 'error'],
];

export interface ServerSetting {
  readonly name: string;
  /** `--data DIR` or `--mongo URL`. */
  readonly store: readonly [flag: string, value: string];
  /** How far its clock is off. */
  readonly clockMs?: number;
  /** Its JavaScript heap, in megabytes. */
  readonly heapMb?: number;
  /** Flags that stand in place of those above. */
  readonly flags?: readonly string[];
}

/** One of our servers, from its sources. */
export function serverProgram(setting: ServerSetting): Program {
  const { name, store, clockMs = 0, heapMb = 64, flags = [] } = setting;
  const clock = join(import.meta.dirname, 'clock-offset.ts');
  return {
    name,
    file: process.execPath,
    args: (port) => [
      `--max-old-space-size=${heapMb}`,
      ...['--import', clock, '--conditions=source', join(ROOT, 'server/main.ts')],
      ...[...FLAGS, ...flags, ...store, '--port', String(port)],
    ],
    env: { MINI_CHAT_JWT_KEY: HOST_SECRET, PROOF_CLOCK_MS: String(clockMs) },
    portIn: (said) => {
      const port = / is at http:\/\/[^:]+:(\d+)\n[^]*Messages are kept/.exec(said)?.[1];
      return port === undefined ? undefined : Number(port);
    },
  };
}

/** A database that keeps its data in that folder, and what to call it in a report. */
export interface Database {
  readonly process: ProofProcess;
  readonly kind: 'mongod' | 'stand-in';
}

/** Starts a real mongod where there is one, else the stand-in. Rejects where neither can be had. */
export async function startDatabase(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const known = findMongod() ?? findStandIn();
  const found = known ?? (await fetchMongod()) ?? (await fetchStandIn());
  const isReal = typeof found === 'string';
  const [file, ...args] = isReal
    ? [found, '--replSet', 'mini', '--bind_ip', '127.0.0.1', '--dbpath', folder]
    : [
        ...[found.python, '-I', '-c', RUN_STAND_IN, found.packages, '--config', found.config],
        ...['--host', '127.0.0.1', '--storage-path', folder, '--sync-on-commit'],
        ...['--cache-size', '256M', '--log-level', 'WARNING'],
      ];
  const program: Program = {
    name: isReal ? 'mongod' : 'mongodb (stand-in)',
    file: file ?? '',
    args: () => [...args, '--port', String(port)],
    portIn: () => undefined,
    listensOn: port,
  };
  const process = await ProofProcess.start(program);
  if (isReal) await initiate(port);
  return { process, kind: isReal ? 'mongod' : 'stand-in' };
}

/** A replica set of one, which has change streams and majority as a larger one does. */
async function initiate(port: number): Promise<void> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`);
  try {
    const config = { _id: 'mini', members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
    await client.db('admin').command({ replSetInitiate: config });
  } finally {
    await client.close();
  }
}

/** Drops the database that the url names. */
export async function dropDatabase(url: string): Promise<void> {
  const client = new MongoClient(url);
  try {
    await client.db().dropDatabase();
  } finally {
    await client.close();
  }
}

/** Isolated from whatever Python packages the machine has; argument 1 is where its own are. */
const RUN_STAND_IN =
  'import sys; sys.path.insert(0, sys.argv.pop(1)); from secantus.cli import main; sys.exit(main())';
