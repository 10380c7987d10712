import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';

import { gapOf, PageGaps } from '../../../server/store-sqlite-gaps.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-gaps-'));
after(() => rmSync(folder, { recursive: true }));

const PAGE = 4096;

describe('gaps of SQLite pages', () => {
  it('lie between the list of cells and the first cell', () => {
    const leaf = page([13, 0, 0, 0, 3, 0x0f, 0x00]);
    const interior = page([2, 0, 0, 0, 1, 0x01, 0x00]);

    assert.deepEqual(gapOf(leaf, false), [14, 0x0f00]);
    assert.deepEqual(gapOf(interior, false), [14, 0x0100]);
  });

  it('of the first page lie behind the header of the file', () => {
    const first = Buffer.alloc(PAGE);
    page([13, 0, 0, 0, 2, 0x0e, 0x00]).copy(first, 100);

    assert.deepEqual(gapOf(first, true), [112, 0x0e00]);
  });

  it('are not looked for in pages of other kinds, nor in what cannot be one', () => {
    const others = [
      page([0, 0, 1, 2]),
      page([13, 0, 0, 0, 3, 0xff, 0xff]),
      page([13, 0, 0, 0x0f, 0xff, 0x00, 0x20]),
    ];

    assert.deepEqual(
      others.map((one) => gapOf(one, false)),
      [undefined, undefined, undefined],
    );
  });

  it('are emptied, and nothing else changes: the file has the same rows and is sound', () => {
    const file = path.join(folder, 'rows.db');
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE rows (key TEXT PRIMARY KEY, text TEXT) STRICT, WITHOUT ROWID');
    const insert = database.prepare('INSERT INTO rows VALUES (?, ?)');
    database.exec('BEGIN');
    // In no order, so that pages are divided again and again; some texts in pages of their own.
    for (let n = 0; n < 4000; n++) {
      insert.run(`key ${(n * 7919) % 4000}`, `text ${n} `.repeat(n % 100 === 0 ? 900 : n % 30));
    }
    database.exec('COMMIT');
    const rows = database.prepare('SELECT * FROM rows').all();
    database.close();
    copyFileSync(file, `${file}.before`);

    const gaps = new PageGaps(file);
    assert.equal(gaps.step(0), undefined);
    gaps.close();

    const [before, now] = [readFileSync(`${file}.before`), readFileSync(file)];
    assert.notDeepEqual(before, now);
    for (let at = 0; at < now.length; at += PAGE) {
      const [start, end] = gapOf(now.subarray(at, at + PAGE), at === 0) ?? [0, 0];
      assert.ok(now.subarray(at + start, at + end).every((byte) => byte === 0));
      before.fill(0, at + start, at + end);
    }
    assert.deepEqual(before, now);
    const again = new DatabaseSync(file);
    assert.deepEqual(again.prepare('SELECT * FROM rows').all(), rows);
    assert.equal(again.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
    again.close();
  });
});

const page = (bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(bytes), Buffer.alloc(PAGE - bytes.length)]);
