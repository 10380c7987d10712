import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { openMemoryStore } from '../../../server/store-memory.ts';
import { roomKey, sampleEntries } from '../../support/log-samples.ts';
import { storeConformance } from '../../support/store-conformance.ts';

storeConformance('memory', async () => openMemoryStore(), { isDurable: false });

describe('memory store', () => {
  it('refuses a hole, which no room log makes', async () => {
    const store = openMemoryStore();

    await assert.rejects(store.insert(roomKey('a'), sampleEntries(2, 3)), /hole/);
  });

  it('says that it forgets', () => {
    assert.match(openMemoryStore().place, /gone when it ends/);
  });
});
