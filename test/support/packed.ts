/** Both packages as npm would publish them, and a folder in which a stranger has installed them. */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');
const VERSION = (
  JSON.parse(readFileSync(path.join(ROOT, 'component/package.json'), 'utf8')) as { version: string }
).version;

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Packs, installs in an empty folder, and forgets it all when closed. */
export class PackedPackages {
  readonly folder: string;
  readonly component: string;
  readonly server: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.component = path.join(folder, `mini-chat-${VERSION}.tgz`);
    this.server = path.join(folder, `mini-chat-server-${VERSION}.tgz`);
  }

  /** Needs the packages to be built. Throws with npm's own words when it fails. */
  static async open(): Promise<PackedPackages> {
    const packed = new PackedPackages(await mkdtemp(path.join(tmpdir(), 'mini-chat-packed-')));
    const { folder, component, server } = packed;
    const args = ['pack', '-w', 'component', '-w', 'server', '--pack-destination', folder];
    demand(await command('npm', args, ROOT));
    const manifest = { private: true, type: 'module' };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
    const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline'];
    demand(await command('npm', ['install', ...quiet, component, server], folder));
    return packed;
  }

  /** Copies files of test/support/<name> into the folder. */
  async add(name: string): Promise<void> {
    await cp(path.join(ROOT, 'test/support', name), this.folder, { recursive: true });
  }

  /** Puts a package of the workspace beside the installed ones. */
  async borrow(name: string): Promise<void> {
    const to = path.join(this.folder, 'node_modules', name);
    await mkdir(path.dirname(to), { recursive: true });
    await cp(path.join(ROOT, 'node_modules', name), to, { recursive: true });
  }

  run(file: string, ...args: readonly string[]): Promise<Ended> {
    return command(file, args, this.folder);
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** Runs a program to its end. PATH starts with the Node that runs the tests. */
export async function command(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(file, args, { cwd, env: { ...strangerEnvironment(), ...env } });
  const parts: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => parts.push(part));
  child.stderr.on('data', (part: Buffer) => parts.push(part));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output: Buffer.concat(parts).toString('utf8') };
}

/** The environment without what `npm test` added about this workspace. */
export function strangerEnvironment(): NodeJS.ProcessEnv {
  const own = /^npm_(package|lifecycle|command|config_local_prefix|config_prefix)/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  const folder = path.dirname(process.execPath);
  return { ...Object.fromEntries(kept), PATH: `${folder}${path.delimiter}${process.env['PATH']}` };
}

function demand({ code, output }: Ended): void {
  if (code !== 0) throw new Error(output);
}
