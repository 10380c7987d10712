import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { PageRequest } from '../../../component/client/page-request.ts';

describe('PageRequest', () => {
  test('resolves when it ends', async () => {
    const request = new PageRequest(7, 1000);

    request.end();

    await request.done;
    assert.deepEqual([request.re, request.until], [7, 1000]);
  });

  test('rejects as it was refused, and its end afterwards changes nothing', async () => {
    const request = new PageRequest(7, 1000);

    request.refuse({ op: 'error', code: 'forbidden', message: 'not for you' });
    request.end();

    await assert.rejects(request.done, { code: 'forbidden', message: 'not for you' });
  });
});
