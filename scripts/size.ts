/** How large what pages load is, counted in one way by the build, the gates and the README. */

import { gzipSync } from 'node:zlib';

/** What a page loads, from the workspace's root. */
export const ONE_FILE = 'component/dist/mini-chat.min.js';

/** 33 KB: a visitor on a slow phone pays for the chat whether it is used or not (decision 13). */
export const ONE_FILE_GZIP_MAX = 33 * 1024;

/** A file that the one file loads by `import()`, once it is asked for what is in it. */
export interface LoadedFile {
  /** As it is served, beside the one file. The same wherever that is, hence no `.min`. */
  readonly name: string;
  /** What the sources, and bundlers of those who use the npm package, import. */
  readonly source: string;
  readonly gzipMax: number;
}

/**
 * All of them (decision 11). One more is a line here, one in `LOADED_FILES` of the server, and an
 * export in component/package.json; size.test.ts says so when one of the three is missing.
 */
export const LOADED: readonly LoadedFile[] = [
  // 12 KB: it comes while a menu is on its way to the screen.
  { name: 'mini-chat-actions.js', source: 'component/element/actions.ts', gzipMax: 12 * 1024 },
  // 5 KB: a chat looks as it does without theme until this is here.
  { name: 'mini-chat-extras.js', source: 'component/element/extras.ts', gzipMax: 5 * 1024 },
  // 10 KB: only pages that try the chat without a server load it (decision 15).
  { name: 'mini-chat-demo.js', source: 'component/demo/demo-socket.ts', gzipMax: 10 * 1024 },
];

/** Words in other languages, for pages to load. No limit: nobody pays who did not ask for it. */
export const LANGUAGES_FILE = 'component/dist/mini-chat-languages.min.js';

/** Bytes as `gzip -9` makes them, which is what the server sends. */
export function gzipBytes(content: Uint8Array): number {
  return gzipSync(content, { level: 9 }).byteLength;
}

/** `21.4 KB`; one decimal, so that a changed word in a string does not change the README. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
