/**
 * `npm run build [element|packages]`: everything that is shipped and not written by hand. `element`
 * makes the one file and those beside it, all that `npm start` needs; `packages` what npm gets.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { writeManifest } from './manifest.ts';
import { gzipBytes, kilobytes, LOADED, ONE_FILE, ONE_FILE_GZIP_MAX } from './size.ts';

/** The workspace's root; scripts may be started from anywhere. */
const ROOT = path.join(import.meta.dirname, '..');

/** Makes component/dist/mini-chat.min.js, the files beside it, and their maps. */
async function buildElement(): Promise<void> {
  await tool('rollup', '--config', '--silent');
  const one = { name: path.basename(ONE_FILE), gzipMax: ONE_FILE_GZIP_MAX };
  for (const { name, gzipMax } of [one, ...LOADED]) {
    const file = `component/dist/${name}`;
    const bytes = gzipBytes(await readFile(path.join(ROOT, file)));
    const size = `${kilobytes(bytes)} gzipped (limit ${kilobytes(gzipMax)})`;
    process.stdout.write(`${file}: ${size}\n`);
  }
}

/** Makes what the two packages ship: JavaScript, types and maps, the manifest, the demo pages. */
async function buildPackages(): Promise<void> {
  await buildElement();
  await tool('tsc', '-p', 'component/tsconfig.build.json');
  // The server compiles against the types that the component has just emitted, as users will.
  await tool('tsc', '-p', 'server/tsconfig.build.json');
  await writeManifest(ROOT);
  await copyDemo();
  process.stdout.write('component/dist and server/dist: compiled, with types and maps\n');
}

async function copyDemo(): Promise<void> {
  const to = path.join(ROOT, 'server/dist/demo');
  await rm(to, { recursive: true, force: true });
  await cp(path.join(ROOT, 'demo'), to, {
    recursive: true,
    filter: (source) => !source.endsWith('.ts') && !isApp(source),
  });
}

/** Apps of a framework are to be read and built; as they stand no server can show them. */
function isApp(folder: string): boolean {
  return existsSync(path.join(folder, 'vite.config.ts'));
}

/** Runs a tool of node_modules/.bin; its words go through, a failure ends the build. */
async function tool(name: string, ...args: readonly string[]): Promise<void> {
  const file = path.join(ROOT, 'node_modules/.bin', name);
  const child = spawn(process.execPath, [file, ...args], { cwd: ROOT, stdio: 'inherit' });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} failed with exit code ${code}.`);
}

if (import.meta.main) {
  try {
    await (process.argv[2] === 'element' ? buildElement() : buildPackages());
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
