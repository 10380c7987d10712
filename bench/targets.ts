/** Every server that a bench can load: ours in its forms, and those it is measured beside. */

import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { DialectName } from './load/other-dialects.ts';
import { type Launch, nodeLaunch, root, type ServerProcess, startServer } from './processes.ts';

export interface Target {
  readonly name: string;
  /** For the tables. */
  readonly words: string;
  readonly dialect: DialectName;
  /** Where to come from and what to start, or why it cannot be measured here. */
  readonly prepare: (dir: string) => Promise<Launch | Missing>;
}

/** A target that is not there is skipped, loudly; its column stays empty. */
export interface Missing {
  readonly missing: string;
}

/** Lifted because they are what protects a server from exactly this kind of client. */
const LIFTED = [
  '--frames-per-second-max=1000000000',
  '--sends-per-second-max=1000000000',
  '--sends-burst-max=1000000000',
  '--waiting-per-address-max=1000000',
  '--log-level=warn',
  '--drain-ms=200',
  '--port=0',
];

/** mini-chat as it is shipped, started by its own command line. */
export function miniChat(
  name: string,
  words: string,
  flags: (dir: string) => readonly string[],
): Target {
  return {
    name,
    words,
    dialect: 'mini-chat',
    prepare: (dir) => Promise.resolve(nodeLaunch('server/main.ts', [...LIFTED, ...flags(dir)])),
  };
}

export const sqlite = miniChat('mini-chat', 'mini-chat, durable SQLite', (dir) => [
  `--data=${join(dir, 'data')}`,
]);
export const memory = miniChat('mini-chat-memory', 'mini-chat, memory store', () => ['--memory']);

export const wsLoop: Target = {
  name: 'ws',
  words: 'plain `ws` loop',
  dialect: 'plain',
  prepare: () => Promise.resolve(nodeLaunch('bench/baselines/ws-loop.ts')),
};

export const rawBatch: Target = {
  name: 'raw',
  words: 'raw sockets, same batching',
  dialect: 'mini-chat',
  prepare: () => Promise.resolve(nodeLaunch('bench/baselines/raw-batch.ts')),
};

export const commitPerMessage: Target = {
  name: 'commit-per-message',
  words: 'one commit and one fan-out per message',
  dialect: 'mini-chat',
  prepare: (dir) => Promise.resolve(nodeLaunch('bench/baselines/commit-per-message.ts', [dir])),
};

export const socketIo: Target = {
  name: 'socket.io',
  words: 'socket.io 4.8',
  dialect: 'socket-io',
  async prepare() {
    const why = await installed('bench/baselines/socket-io', 'socket.io');
    return why ?? nodeLaunch('bench/baselines/socket-io/server.mjs');
  },
};

export const tornado: Target = {
  name: 'tornado',
  words: "Tornado's chat demo",
  dialect: 'tornado',
  async prepare() {
    const command = '/usr/bin/python3';
    try {
      await promisify(execFile)(command, ['-c', 'import tornado']);
    } catch {
      // Any failure means the same: it cannot be run here, and the table says so.
      return { missing: 'tornado is not installed (apt-get install python3-tornado)' };
    }
    const args = [`${root}bench/baselines/tornado_chat.py`];
    return { command, args, isNode: false };
  },
};

/** The version whose wire format `other-dialects.ts` speaks. */
const CENTRIFUGO = 'github.com/centrifugal/centrifugo/v6@v6.9.1';

export const centrifugo: Target = {
  name: 'centrifugo',
  words: 'Centrifugo 6.9, memory engine',
  dialect: 'centrifugo',
  prepare(dir) {
    const command = centrifugoBinary();
    if (command === undefined) {
      return Promise.resolve({ missing: `centrifugo is not on PATH (go install ${CENTRIFUGO})` });
    }
    return Promise.resolve(centrifugoLaunch(command, dir));
  },
};

function centrifugoBinary(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const go = join(process.env['GOPATH'] ?? join(process.env['HOME'] ?? '/', 'go'), 'bin');
  return [...folders, go].map((folder) => join(folder, 'centrifugo')).find((at) => existsSync(at));
}

function centrifugoLaunch(command: string, dir: string): Launch {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const config = join(dir, 'centrifugo.json');
  const settings = {
    http_server: { address: '127.0.0.1', port: String(port) },
    log: { level: 'error' },
    client: { insecure: true, allowed_origins: ['*'], channel_limit: 128 },
    channel: {
      without_namespace: {
        allow_subscribe_for_client: true,
        allow_publish_for_client: true,
      },
    },
  };
  writeFileSync(config, JSON.stringify(settings));
  const url = `http://127.0.0.1:${port}`;
  return { command, args: ['--config', config], isNode: false, url };
}

export const fanOutTargets = [sqlite, memory, rawBatch, wsLoop, socketIo, tornado, centrifugo];

/** A started target; its directory goes when it is closed. */
export interface Running extends ServerProcess {
  readonly target: Target;
}

/** Starts a target in an empty directory of its own. */
export async function startTarget(target: Target): Promise<Running | Missing> {
  const dir = mkdtempSync(join(tmpdir(), 'mini-chat-bench-'));
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  const launch = await target.prepare(dir);
  if ('missing' in launch) {
    remove();
    return launch;
  }
  const server = await startServer(launch);
  const close = async (): Promise<void> => {
    await server.close();
    remove();
  };
  return { ...server, target, close };
}

/** Installs a baseline's own dependencies on first use; undefined when they are there. */
export async function installed(folder: string, name: string): Promise<Missing | undefined> {
  if (existsSync(join(root, folder, 'node_modules', name))) return undefined;
  try {
    await promisify(execFile)('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root + folder });
    return undefined;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n').at(-1) : String(error);
    return { missing: `${name} could not be installed: ${why}` };
  }
}
