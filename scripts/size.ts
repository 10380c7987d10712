/** How large what pages load is, counted in one way by the build, the gates and the README. */

import { gzipSync } from 'node:zlib';

/** What a page loads, from the workspace's root. */
export const ONE_FILE = 'component/dist/mini-chat.min.js';

/** 31 KB: a visitor on a slow phone pays for the chat whether it is used or not (decision 13). */
export const ONE_FILE_GZIP_MAX = 31 * 1024;

/** What the one file loads once somebody acts on a message. */
export const SECOND_FILE = 'component/dist/mini-chat-actions.js';

/** 12 KB: it comes while a menu is on its way to the screen. */
export const SECOND_FILE_GZIP_MAX = 12 * 1024;

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
