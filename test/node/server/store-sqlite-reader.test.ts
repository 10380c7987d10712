import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { openDataFolder } from '../../../server/store-sqlite-file.ts';
import { sqliteQueries } from '../../../server/store-sqlite-reader.ts';
import { openSqliteStore } from '../../../server/store-sqlite.ts';
import { roomKey, sampleEntries, sampleReaction } from '../../support/log-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-reader-'));
const { reader, close } = openDataFolder(folder);
after(() => {
  close();
  rmSync(folder, { recursive: true });
});

describe('SQLite reader', () => {
  const ranges = {
    lines: 'SEARCH entries USING INDEX lines (room=? AND seq<?)',
    changes: 'SEARCH entries USING INDEX changes (room=? AND seq>? AND seq<?)',
    reactions:
      'SEARCH entries USING INDEX targets (room=? AND target=? AND kind=? AND user=? AND seq<?)',
  } as const;
  for (const [name, range] of Object.entries(ranges)) {
    it(`${name} are one range of one index`, () => {
      assert.deepEqual(planOf(sqliteQueries[name as keyof typeof ranges]), [range]);
    });
  }

  it('a page goes on by the index where the stretch before it has other entries', async () => {
    const dir = path.join(folder, 'pages');
    const store = await openSqliteStore({ dir });
    const reactions = [6, 7, 8, 9, 10].map((seq) => sampleReaction(seq, 1, `:${seq}:`));
    const log = [...sampleEntries(1, 5), ...reactions, ...sampleEntries(11, 12)];
    await store.insert(roomKey('mixed'), log);

    const pages = [1, 2, 3, 5, 7, 12, 50].map((limit) =>
      store.lines(roomKey('mixed'), { before: 13, limit }),
    );
    const seqs = (await Promise.all(pages)).map((lines) => lines.map(({ seq }) => seq));
    await store.close();

    const lines = [1, 2, 3, 4, 5, 11, 12];
    const last = [1, 2, 3, 5, 7, 7, 7].map((count) => lines.slice(-count));
    assert.deepEqual(seqs, last);
  });

  it('rooms are found by skipping from one to the next', () => {
    const plan = planOf(sqliteQueries.rooms);

    assert.ok(!plan.some((step) => /^SCAN entries|TEMP B-TREE/.test(step)), plan.join('\n'));
    assert.equal(plan.filter((step) => step.endsWith('(room>?)')).length, 2);
  });
});

const planOf = (sql: string): readonly string[] =>
  reader
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map((row) => String(row['detail']));
