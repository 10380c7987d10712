/** The demo pages, from the folder that is there: beside the built server, or in the workspace. */

import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

/** A page or a file of it. */
export interface DemoFile {
  readonly bytes: Buffer;
  readonly type: string;
}

/** Only what a page is made of; sources and examples in the same folder are not served. */
const types = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.json', 'application/json'],
  ['.webmanifest', 'application/manifest+json'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.txt', 'text/plain; charset=utf-8'],
]);

/** `dist/demo` in the package; `demo/` of the workspace, from sources and from `dist`. */
const folders = ['demo', '../demo', '../../demo'].map((folder) =>
  resolve(import.meta.dirname, folder),
);

/** The file at a path such as `/` or `/dark.html`; undefined when there is none to serve. */
export async function readDemoFile(path: string): Promise<DemoFile | undefined> {
  const name = fileName(path);
  const type = name === undefined ? undefined : types.get(extname(name));
  if (name === undefined || type === undefined) return undefined;
  for (const folder of folders) {
    const full = join(folder, name);
    if (!full.startsWith(folder + sep)) return undefined;
    const bytes = await readIfThere(full);
    if (bytes !== undefined) return { bytes, type };
  }
  return undefined;
}

/** A path as a file name below the folder; none that climbs, hides or lies about separators. */
function fileName(path: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    // Nothing is lost: a path that is no valid encoding names no file.
    return undefined;
  }
  if (/[\\\0]/.test(decoded)) return undefined;
  const segments = decoded.split('/').slice(1);
  const isPlain = segments.every((segment, i) => {
    const isLast = i === segments.length - 1;
    return segment === '' ? isLast : !segment.startsWith('.');
  });
  if (!isPlain) return undefined;
  return decoded.endsWith('/') ? `.${decoded}index.html` : `.${decoded}`;
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
