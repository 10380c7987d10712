import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { configWith } from '../../../server/config.ts';
import { openStore } from '../../../server/open-store.ts';

describe('openStore', () => {
  it('keeps messages in memory or in a folder, as the settings say', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-'));
    t.after(() => rm(folder, { recursive: true, force: true }));

    const memory = await openStore(configWith({ memory: true }));
    const sqlite = await openStore(configWith({ data: folder }));

    assert.match(memory.place, /memory/);
    assert.match(sqlite.place, /^SQLite, in /);
    await memory.close();
    await sqlite.close();
  });

  it('says in one sentence that a folder is in use', async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mini-chat-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const first = await openStore(configWith({ data: folder }));
    t.after(() => first.close());

    await assert.rejects(openStore(configWith({ data: folder })), /^Error: [^\n]+$/);
  });
});
