/** What every store must find: ranges, pages, drafts. A part of store-conformance.ts. */

import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { Store } from '../../server/store.ts';
import { draftKeyOf, freshRoom, sampleEntries, sampleEntry } from './log-samples.ts';

/** Declares this part of the suite, inside the store's `describe`. */
export function pagesConformance(store: () => Store): void {
  it('read gives after < seq ≤ upTo, at most limit', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 30));
    const seqs = async (after: number, upTo: number, limit: number): Promise<string> =>
      (await store().read(room, { after, upTo, limit })).map(({ seq }) => seq).join();

    assert.equal(await seqs(0, 3, 10), '1,2,3');
    assert.equal(await seqs(10, 20, 4), '11,12,13,14');
    assert.equal(await seqs(28, 99, 10), '29,30');
    assert.equal(await seqs(30, 99, 10), '');
    assert.equal(await seqs(5, 5, 10), '');
  });

  it('pages of messages go back to the first one without gap or repeat', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 57));
    const pages: number[][] = [];

    for (let next = 58; next > 1; next = pages.at(-1)?.[0] ?? 1) {
      const page = await store().lines(room, { before: next, limit: 10 });
      pages.push(page.map(({ seq }) => seq));
    }

    assert.deepEqual(
      pages.map(({ length }) => length),
      [10, 10, 10, 10, 10, 7],
    );
    assert.deepEqual(
      pages.reverse().flat(),
      sampleEntries(1, 57).map(({ seq }) => seq),
    );
  });

  it('a page of messages skips whatever else lies between them, however much', async () => {
    const room = freshRoom();
    const isMessage = (seq: number): boolean => [1, 2, 3, 700, 701].includes(seq);
    const entries = sampleEntries(1, 900).map(({ seq }) =>
      isMessage(seq)
        ? sampleEntry(seq)
        : sampleEntry(seq, { kind: 'react', body: { target: 1, emoji: '👍', on: true } }),
    );
    for (let at = 0; at < 900; at += 225) await store().insert(room, entries.slice(at, at + 225));
    const seqs = async (before: number, limit: number): Promise<number[]> =>
      (await store().lines(room, { before, limit })).map(({ seq }) => seq);

    assert.deepEqual(await seqs(901, 50), [1, 2, 3, 700, 701]);
    assert.deepEqual(await seqs(901, 4), [2, 3, 700, 701]);
    assert.deepEqual(await seqs(700, 2), [2, 3]);
    assert.deepEqual(await seqs(1, 2), []);
  });

  it('find gives the drafts that are stored in this room, wherever they stand', async () => {
    const [room, other] = [freshRoom(), freshRoom()];
    await store().insert(room, sampleEntries(1, 40));
    await store().insert(other, [sampleEntry(1, { cid: 'elsewhere' })]);
    const cids = ['cid-3', 'cid-40', 'cid-41', 'elsewhere', 'nowhere'];
    const drafts = cids.map((cid) => draftKeyOf('ada', cid));

    const found = await store().find(room, [...drafts, draftKeyOf('bob', 'cid-5')]);

    const bySeq = [...found].sort((a, b) => a.seq - b.seq);
    assert.deepEqual(bySeq, [sampleEntry(3), sampleEntry(40)]);
  });

  it('find takes a whole batch of drafts', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 256));
    const drafts = sampleEntries(1, 256).map(({ cid }) => draftKeyOf('ada', cid));

    assert.equal((await store().find(room, drafts)).length, 256);
  });
}
