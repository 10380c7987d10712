import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';

import { openSqliteStore } from '../../../server/store-sqlite.ts';
import { storeConformance } from '../../support/store-conformance.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-sqlite-'));
after(() => rmSync(folder, { recursive: true }));

storeConformance('SQLite', (data) => openSqliteStore({ dir: path.join(folder, data) }), {
  isDurable: true,
  isShared: false,
});
