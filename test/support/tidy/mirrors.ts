/** Each source has a test of its name, so that one guess finds it; and each test has its source. */

import path from 'node:path';

import type { Finding } from './source.ts';

/** Sources without a test of their own, and what holds them instead. */
const unmirrored: ReadonlyMap<string, string> = new Map([
  ['component/protocol/ops.ts', 'types only; protocol.test.ts and docs.test.ts parse every op'],
  ['component/protocol/protocol.ts', 'names the exports; packages.test.ts imports them'],
  ['component/client/room-host.ts', 'types only; live-room.test.ts runs on them'],
  ['component/element/css.ts', 'one line; styles.test.ts looks at the sheets'],
  ['component/element/actions-say.ts', 'pictures and one call; actions-menu.test.ts reads them'],
  ['component/element/styles-actions.ts', 'actions.test.ts shows menus to axe'],
  ['component/element/styles-composer.ts', 'styles.test.ts shows every state to axe'],
  ['component/element/styles-log.ts', 'styles.test.ts shows every state to axe'],
  ['component/element/views-icons.ts', 'pictures; views-row.test.ts looks for them'],
  ['component/element/react.ts', 'types only; packages.test.ts type-checks JSX with them'],
  ['component/element/svelte.ts', 'types only; templates.test.ts has svelte-check use them'],
  ['component/element/tag.ts', 'types only; what react, svelte and vue share'],
  ['component/element/vue.ts', 'types only; templates.test.ts has vue-tsc use them'],
  ['server/store.ts', 'types only; store-conformance.ts is its test'],
]);

/** Words; languages.test.ts compares all of them. */
const words = /^component\/element\/strings-[\w-]+\.ts$/;

/** Sources that no test file names. `files` are all paths of the project. */
export function missingMirrors(files: readonly string[]): readonly Finding[] {
  const tests = new Set(files.filter((file) => file.endsWith('.test.ts')).map(subjectOf));
  return files
    .filter((file) => /^(component\/(protocol|client|demo|element)|server)\/[\w-]+\.ts$/.test(file))
    .filter((file) => !words.test(file))
    .filter((file) => !unmirrored.has(file) && !tests.has(path.posix.basename(file, '.ts')))
    .map((file) => ({ path: file, line: 1, words: 'has no test file of its name' }));
}

/** Rows of the list above that have become untrue. */
export function staleUnmirrored(files: readonly string[]): readonly Finding[] {
  return [...unmirrored.keys()]
    .filter((file) => !files.includes(file))
    .map((file) => ({ path: file, line: 1, words: 'is in the list of unmirrored and not there' }));
}

function subjectOf(file: string): string {
  return path.posix.basename(file, '.test.ts');
}
