/**
 * Real processes with a port, to be treated badly: ended without warning, stopped and continued,
 * asked to drain, short of files, of disk or of memory. Each is only ever signalled by its own id.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process that neither ends nor speaks for so long has failed. */
const PATIENCE_MS = 20_000;

/** How to start it. `isReady` looks at all it has said so far. */
export interface Program {
  readonly name: string;
  readonly file: string;
  /** On this port; 0 takes a free one. */
  readonly args: (port: number) => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The port it listens on, once it says so. */
  readonly portIn: (said: string) => number | undefined;
  /** For a program that says nothing: it is up when it accepts connections on this port. */
  readonly listensOn?: number;
}

/** Invariant: after `start` the port never changes, however often it is started again. */
export class ProofProcess {
  readonly #program: Program;
  #child: ChildProcess | undefined;
  #port = 0;
  #said = '';
  #isPaused = false;
  /** It came up, and nobody has ended it. */
  #isMeantToRun = false;
  #ownEnds: string[] = [];

  private constructor(program: Program) {
    this.#program = program;
  }

  /** Starts one on a free port. Rejects with its last words if it does not come up. */
  static async start(program: Program): Promise<ProofProcess> {
    const process = new ProofProcess(program);
    await process.startAgain();
    return process;
  }

  get name(): string {
    return this.#program.name;
  }

  get port(): number {
    return this.#port;
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  /** What it said last, for a report about its end. */
  get lastWords(): string {
    return this.#said.slice(-4000);
  }

  /** The most memory it had at any time, in megabytes; undefined where that is not told. */
  async peakMb(): Promise<number | undefined> {
    const status = await readFile(`/proc/${this.#child?.pid}/status`, 'utf8').catch(() => '');
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    return kilobytes === undefined ? undefined : Math.round(Number(kilobytes) / 1024);
  }

  /** Ends that nobody asked for, up to now; each is told once. */
  takeOwnEnds(): readonly string[] {
    const ends = this.#ownEnds;
    this.#ownEnds = [];
    return ends;
  }

  /** Starts it where it was. Nothing, when it runs. */
  async startAgain(): Promise<void> {
    if (this.#child !== undefined) return;
    const { file, args, env } = this.#program;
    const child = spawn(file, args(this.#port), {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#isPaused = false;
    this.#isMeantToRun = false;
    const { pid } = child;
    tellReaper(`+${pid}`);
    child.once('exit', (code, signal) => {
      tellReaper(`-${pid}`);
      if (this.#child !== child) return;
      this.#child = undefined;
      if (this.#isMeantToRun) this.#ownEnds.push(`${this.name} ended by itself, ${code ?? signal}`);
    });
    const { listensOn } = this.#program;
    this.#port = await this.#ready(child, listensOn);
    this.#isMeantToRun = true;
  }

  /** Ends it with no time for anything. */
  async crash(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to stop and resolves with its exit code; null when it had to be crashed. */
  async drain(): Promise<number | null> {
    this.goOn();
    return this.#end('SIGTERM');
  }

  /** It runs no further until `goOn`; its sockets stay open, and nobody is told. */
  pause(): void {
    this.#child?.kill('SIGSTOP');
    this.#isPaused = true;
  }

  /** Idempotent. */
  goOn(): void {
    if (this.#isPaused) this.#child?.kill('SIGCONT');
    this.#isPaused = false;
  }

  /** Sets a soft limit of the running process; false where this machine has no `prlimit`. */
  async limit(resource: 'nofile' | 'fsize', most: number | 'unlimited'): Promise<boolean> {
    const pid = this.#child?.pid;
    if (pid === undefined) return false;
    try {
      await run('prlimit', ['--pid', String(pid), `--${resource}=${most}:`]);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    }
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    this.#isMeantToRun = false;
    const ended = once(child, 'exit');
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const [code] = (await ended) as [number | null];
    clearTimeout(timer);
    return code;
  }

  #ready(child: ChildProcess, listensOn: number | undefined): Promise<number> {
    const { name, portIn } = this.#program;
    let said = '';
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${name} ${why}: ${said.slice(-800)}`));
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        fail('did not come up');
      }, PATIENCE_MS);
      const hear = (bytes: Buffer): void => {
        said = `${said}${bytes.toString()}`.slice(-8000);
        this.#said = said;
        const port = portIn(said);
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(port);
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      if (listensOn !== undefined) {
        void accepts(listensOn, child).then(() => {
          clearTimeout(timer);
          resolve(listensOn);
        });
      }
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        fail(`ended with ${code ?? signal}`);
      });
    });
  }
}

/** Resolves when the port accepts connections, or its program has ended. */
async function accepts(port: number, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch {
      // Not yet; it is asked again until it is up, gone, or ended for taking too long.
      await wait(50);
    } finally {
      socket.destroy();
    }
  }
}

let reaper: ChildProcess | undefined;

/** Whoever ends the proof from outside, by whatever signal, leaves no process behind. */
function tellReaper(line: string): void {
  if (reaper === undefined) {
    const file = join(import.meta.dirname, 'reaper.ts');
    reaper = spawn(process.execPath, [file], { stdio: ['pipe', 'ignore', 'inherit'] });
    reaper.unref();
    (reaper.stdin as Socket | null)?.unref();
  }
  reaper.stdin?.write(`${line}\n`);
}
