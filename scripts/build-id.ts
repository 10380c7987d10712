/** What tells one build of the element's files from another: their shared names are made by it. */

import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What the bytes of these files come from: sources, how they are built, and by which tools. */
const INGREDIENTS = [
  'component/{protocol,client,element,demo}/*.ts',
  'rollup.config.mjs',
  'package-lock.json',
];

/**
 * Such as `0.1.0-3f9a2c1b`: the version, for people, and a hash, for who builds between releases.
 * The same sources have the same one on every machine.
 */
export function buildId(root: string): string {
  const hash = createHash('sha256');
  const files = globSync(INGREDIENTS, { cwd: root }).map((file) => file.replaceAll('\\', '/'));
  for (const file of files.sort()) {
    const text = readFileSync(path.join(root, file), 'utf8').replaceAll('\r\n', '\n');
    hash.update(JSON.stringify([file, text]));
  }
  const about = readFileSync(path.join(root, 'component/package.json'), 'utf8');
  const { version } = JSON.parse(about) as { version: string };
  return `${version}-${hash.digest('hex').slice(0, 8)}`;
}
