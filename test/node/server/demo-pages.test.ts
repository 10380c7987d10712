import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDemoFile } from '../../../server/demo-pages.ts';

describe('demo pages', () => {
  it('give / as the index page', async () => {
    const file = await readDemoFile('/');

    assert.equal(file?.type, 'text/html; charset=utf-8');
    assert.match(file?.bytes.toString() ?? '', /<mini-chat/);
  });

  it('give nothing that climbs, hides, or is no part of a page', async () => {
    const paths = [
      '/../package.json',
      '/%2e%2e/x.html',
      '/.hidden.html',
      '/a//b.html',
      '/x.ts',
      '/x',
    ];

    for (const path of paths) assert.equal(await readDemoFile(path), undefined, path);
  });
});
