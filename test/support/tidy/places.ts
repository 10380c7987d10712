/** Names of machines have no place in a repository: registries' hosts, paths of one computer. */

import type { Finding } from './source.ts';

interface Place {
  readonly pattern: RegExp;
  readonly words: string;
}

const places: readonly Place[] = [
  {
    pattern: /registry\.npmjs\.|registry\.yarnpkg\.|files\.pythonhosted\./,
    words: "a registry's host",
  },
  { pattern: /(?<![\w.:/-])\/(root|home|Users|work)\/[\w.-]+/, words: 'a path of one machine' },
  { pattern: /\bC:\\Users\\/, words: 'a path of one machine' },
];

/** Lines of a text file that name a place. `hosts` are those this machine is configured with. */
export function namedPlaces(
  path: string,
  text: string,
  hosts: readonly string[],
): readonly Finding[] {
  return text.split('\n').flatMap((line, i) => {
    const place = places.find(({ pattern }) => pattern.test(line));
    const host = hosts.find((one) => line.includes(one));
    const words = place?.words ?? (host === undefined ? undefined : "a registry's host");
    return words === undefined ? [] : [{ path, line: i + 1, words }];
  });
}

/** `optionalDependencies` of a lockfile without an entry of their own: `npm ci` would fail. */
export function lockHoles(lock: Lock): readonly string[] {
  const entries = Object.entries(lock.packages);
  const names = entries.flatMap(([, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies),
  );
  const there = new Set(entries.map(([key]) => key.slice(key.lastIndexOf('node_modules/'))));
  return [...new Set(names)].filter((name) => !there.has(`node_modules/${name}`));
}

/** The part of package-lock.json that is checked. */
export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
