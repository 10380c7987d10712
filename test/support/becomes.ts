/** Facts that come a moment later, such as a row that is drawn with the next frame. */

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

/** Between two looks. */
const LOOK_MS = 20;

/** Resolves when what is read is what is wanted; rejects with both when it does not become so. */
export async function becomes<T>(read: () => Promise<T>, wanted: T, waitMs: number): Promise<void> {
  const started = performance.now();
  let found = await read();
  while (!isDeepStrictEqual(found, wanted) && performance.now() - started < waitMs) {
    await wait(LOOK_MS);
    found = await read();
  }
  assert.deepEqual(found, wanted);
}
