import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MemoryStore, openDemoStore } from '../../../component/demo/demo-store.ts';
import { cases } from '../../support/demo-store-suite.ts';

describe('demo store in memory', () => {
  for (const [name, run] of Object.entries(cases)) {
    it(name, async () => {
      const [found, wanted] = await run(new MemoryStore());

      assert.deepEqual(found, wanted);
    });
  }

  it('is what there is where there is no IndexedDB', async () => {
    const store = await openDemoStore(() => undefined);

    assert.equal(store.isShared, false);
    store.close();
  });
});
