/**
 * Where the programs of mongo.ts come from.
 *
 * The stand-in is SecantusDB, which speaks MongoDB's protocol: a separate program under GPL-2.0,
 * fetched for tests into .cache/, never imported, shipped or committed.
 */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const CACHE = path.join(import.meta.dirname, '../../.cache');

/** Pre-releases get pruned, hence the range after the version that was tried. */
const STAND_IN_VERSIONS = ['secantusdb==0.7.0b3', 'secantusdb>=0.7.0b3,<0.8'];

export interface StandIn {
  readonly python: string;
  /** The folder of its packages. */
  readonly packages: string;
  /** An empty file, which keeps stray configuration out. */
  readonly config: string;
}

/** `mongod` on PATH, or the one that mongodb-memory-server fetched before. */
export function findMongod(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((dir) => dir !== '');
  const onPath = folders.map((dir) => path.join(dir, 'mongod')).find((file) => existsSync(file));
  return onPath ?? mongodInCache();
}

/** Lets mongodb-memory-server fetch a real one; undefined when it cannot. */
export async function fetchMongod(): Promise<string | undefined> {
  const { MongoBinary } = await import('mongodb-memory-server-core');
  try {
    return await MongoBinary.getPath({ downloadDir: mongodFolder() });
  } catch (error) {
    const [why] = String(error).split('\n');
    process.stderr.write(`mongodb: no mongod could be fetched (${why}); taking the stand-in\n`);
    return undefined;
  }
}

/** The stand-in, when it was fetched before. */
export function findStandIn(): StandIn | undefined {
  const python = findPython();
  if (python === undefined) return undefined;
  const packages = standInFolder(python);
  return existsSync(packages) ? { python, packages, config: configIn(packages) } : undefined;
}

/** Fetches the stand-in, and a Python where there is none. Rejects with one line. */
export async function fetchStandIn(): Promise<StandIn> {
  const python = findPython() ?? installPython();
  const packages = standInFolder(python);
  const half = `${packages}.${process.pid}`;
  mkdirSync(half, { recursive: true });
  const pip = findPip(python);
  const isFetched = STAND_IN_VERSIONS.some((version) => run(pip, [...pipOptions(half), version]));
  if (!isFetched) {
    throw new Error(
      `mongodb: set MONGO_URL, or put mongod on PATH; pip could not fetch ${STAND_IN_VERSIONS[0]}`,
    );
  }
  writeFileSync(configIn(half), '');
  moveInPlace(half, packages);
  return { python, packages, config: configIn(packages) };
}

const mongodFolder = (): string => path.join(CACHE, 'mongod');

function mongodInCache(): string | undefined {
  if (!existsSync(mongodFolder())) return undefined;
  const name = readdirSync(mongodFolder()).find((file) => /^mongod-[\w.-]*\d$/.test(file));
  return name === undefined ? undefined : path.join(mongodFolder(), name);
}

/** Packages are built for one version of Python. */
function standInFolder(python: string): string {
  const { stdout } = spawnSync(python, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']);
  return path.join(CACHE, `secantusdb-0.7.0b3-py${stdout.toString().trim()}`);
}

const configIn = (packages: string): string => path.join(packages, 'secantusd.toml');

const findPython = (): string | undefined =>
  ['python3', 'python'].find((name) =>
    run([name], ['-c', 'import sys; assert sys.version_info[0] > 2']),
  );

function installPython(): string {
  installByApt('python3', 'python3-venv');
  const python = findPython();
  if (python === undefined)
    throw new Error('mongodb: set MONGO_URL, or install python3 for the stand-in');
  return python;
}

/** The machine's own pip, or one in a virtual environment, which Debian packs apart from Python. */
function findPip(python: string): readonly string[] {
  const own = [python, '-m', 'pip'];
  if (run(own, ['--version'])) return own;
  const folder = path.join(CACHE, 'pip');
  const make = (): boolean => run([python], ['-m', 'venv', '--clear', folder]);
  if (!make()) {
    installByApt('python3-venv');
    if (!make())
      throw new Error('mongodb: set MONGO_URL, or install python3-venv for the stand-in');
  }
  return [path.join(folder, 'bin/python'), '-m', 'pip'];
}

/** Its own folder, so that nothing else on the machine changes. */
const pipOptions = (target: string): readonly string[] => [
  ...['install', '--quiet', '--disable-pip-version-check', '--root-user-action', 'ignore'],
  ...['--pre', '--only-binary', ':all:', '--upgrade', '--target', target],
];

function installByApt(...packages: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  run(['apt-get'], ['update', '-qq']);
  run(['apt-get'], ['install', '-y', '-qq', '--no-install-recommends', ...packages]);
}

/** Two test files may fetch at once: the second finds the first one's and drops its own. */
function moveInPlace(half: string, packages: string): void {
  try {
    renameSync(half, packages);
  } catch (error) {
    if (!existsSync(packages)) throw error;
    rmSync(half, { recursive: true });
  }
}

/** Whether the command could be run and ended well. */
function run([file = '', ...before]: readonly string[], args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(file, [...before, ...args], { stdio: 'ignore', env }).status === 0;
}
