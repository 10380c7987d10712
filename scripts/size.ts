/** How large the one file is, counted in one way by the build, the gate and the README. */

import { gzipSync } from 'node:zlib';

/** What a page loads, from the workspace's root. */
export const ONE_FILE = 'component/dist/mini-chat.min.js';

/** 25 KB: a visitor on a slow phone pays for the chat whether it is used or not. */
export const ONE_FILE_GZIP_MAX = 25 * 1024;

/** Bytes as `gzip -9` makes them, which is what the server sends. */
export function gzipBytes(content: Uint8Array): number {
  return gzipSync(content, { level: 9 }).byteLength;
}

/** `21.4 KB`; one decimal, so that a changed word in a string does not change the README. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
