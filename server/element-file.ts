/** The files that pages load: read from the mini-chat package, each with its hash. */

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const gzipped = promisify(gzip);

/** What the element loads by itself, once it is asked for it: served beside it. */
export const LOADED_FILES = [
  'mini-chat-actions.js',
  'mini-chat-extras.js',
  'mini-chat-demo.js',
] as const;

/** The element as it is served. */
export interface ElementFile {
  readonly bytes: Buffer;
  readonly gzip: Buffer;
  /** Of the bytes as they are; the gzip form has its own, made from this one. */
  readonly hash: string;
  /** For a script tag's `integrity`. */
  readonly integrity: string;
  readonly version: string;
  /** Which build it is of, as its first line says; loaded files are asked for by it. */
  readonly build: string;
}

/** Invariant: what is kept is the file as it was at `#changedAt`. */
export class ElementSource {
  readonly #module: string;
  #kept: ElementFile | undefined;
  #changedAt = 0;

  /** `module` as the mini-chat package exports it: the element itself when absent. */
  constructor(module = 'mini-chat.min.js') {
    this.#module = module;
  }

  /** The file as it is now, read again after a build; undefined when it is not built. */
  async read(): Promise<ElementFile | undefined> {
    const path = fileURLToPath(import.meta.resolve(`mini-chat/${this.#module}`));
    const mtimeMs = await changedAt(path);
    if (mtimeMs === undefined) return undefined;
    if (this.#kept !== undefined && mtimeMs === this.#changedAt) return this.#kept;
    const bytes = await readFile(path);
    const version = await readVersion(import.meta.resolve('mini-chat/package.json'));
    this.#kept = {
      bytes,
      gzip: await gzipped(bytes, { level: 9 }),
      hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
      integrity: `sha384-${createHash('sha384').update(bytes).digest('base64')}`,
      version,
      build: /^\/\*! mini-chat (\S+)/.exec(bytes.toString('latin1', 0, 99))?.[1] ?? version,
    };
    this.#changedAt = mtimeMs;
    return this.#kept;
  }
}

/** Said wherever the file is missing. */
export const NOT_BUILT = 'the element is not built: run "npm run build" first';

async function changedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The version in a package.json. */
export async function readVersion(url: string): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL(url), 'utf8')) as { version: string };
  return version;
}
