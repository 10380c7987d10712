import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { mintEntryId } from '../../../server/entry-id.ts';

describe('mintEntryId', () => {
  it('gives 16 characters of base64url, and none twice over several fills of its pool', () => {
    const ids = Array.from({ length: 1000 }, () => mintEntryId());

    assert.ok(ids.every((id) => /^[\w-]{16}$/.test(id)));
    assert.equal(new Set(ids).size, 1000);
  });
});
