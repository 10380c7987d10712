/** A real server in a process of its own: started as people do it, stopped or crashed at will. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const ROOT = path.join(import.meta.dirname, '../..');
const MAIN = path.join(ROOT, 'server/main.ts');

/** Limits that a test of correctness must be able to pass: many people speak from one address. */
export const LIFTED: readonly string[] = [
  ...['--frames-per-second-max', '100000', '--sends-per-second-max', '100000'],
  ...['--sends-burst-max', '100000', '--waiting-per-address-max', '10000'],
];

/** A server process and how to start it again on the same port. */
export class ServerProcess {
  readonly #flags: readonly string[];
  #child: ChildProcess;
  #url: string;

  private constructor(flags: readonly string[], child: ChildProcess, url: string) {
    this.#flags = flags;
    this.#child = child;
    this.#url = url;
  }

  /** Starts one on a free port. Rejects with what it said, if it ends instead. */
  static async start(flags: readonly string[]): Promise<ServerProcess> {
    const { child, url } = await launch([...flags, '--port', '0']);
    return new ServerProcess(flags, child, url);
  }

  /** `http://127.0.0.1:port`, the same after each start. */
  get url(): string {
    return this.#url;
  }

  get port(): string {
    return new URL(this.#url).port;
  }

  /** Asks it to drain, and resolves with its exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Gives it no time for anything. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Starts it again when it has ended, by whatever cause. */
  async startUnlessUp(): Promise<void> {
    if (!isRunning(this.#child)) await this.startAgain();
  }

  /** Starts it again where it was: same port, same flags; or with others. */
  async startAgain(flags: readonly string[] = this.#flags): Promise<void> {
    const { child, url } = await launchAt(this.port, flags);
    this.#child = child;
    this.#url = url;
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (!isRunning(child)) return child.exitCode;
    const closed = once(child, 'exit');
    child.kill(signal);
    await closed;
    return child.exitCode;
  }
}

const isRunning = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode === null && signalCode === null;

/** A folder for messages that is gone with the test. */
export async function temporaryFolder(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(path.join(tmpdir(), 'mini-chat-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

/** Meanwhile the system may have lent the port to somebody else, as one end of a connection. */
async function launchAt(
  port: string,
  flags: readonly string[],
): Promise<{ child: ChildProcess; url: string }> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launch([...flags, '--port', port]);
    } catch (error) {
      if (tries === TRIES_MAX || !String(error).includes('--port')) throw error;
      await wait(100 * tries);
    }
  }
}

const TRIES_MAX = 10;

async function launch(flags: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const args = ['--conditions=source', MAIN, '--log-level', 'error', ...flags];
  const env = Object.entries(process.env).filter(([name]) => !name.startsWith('MINI_CHAT_'));
  const child = spawn(process.execPath, args, { env: Object.fromEntries(env), cwd: ROOT });
  // A test that is ended from outside must not leave its server behind.
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  let said = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    child.once('error', reject);
    child.stderr.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4000);
    });
    child.stdout.on('data', (bytes: Buffer) => {
      said = (said + bytes.toString()).slice(-4000);
      const url = / is at (http:\S+)\n[^]*Messages are kept/.exec(said)?.[1];
      if (url !== undefined) resolve({ child, url: url.replace('localhost', '127.0.0.1') });
    });
  });
}
