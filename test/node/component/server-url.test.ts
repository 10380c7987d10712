import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { defaultServer } from '../../../component/element/server-url.ts';

const PAGE = 'https://shop.example.org/about?x#y';

describe('defaultServer', () => {
  it('is the origin the script came from', () => {
    const script = 'https://chat.example.org:8888/assets/mini-chat.js?v=2';

    assert.equal(defaultServer(script, PAGE), 'https://chat.example.org:8888');
  });

  it('is the page’s origin for a script that came from nowhere', () => {
    assert.equal(defaultServer('blob:null/123', PAGE), 'https://shop.example.org');
    assert.equal(defaultServer('data:text/javascript,1', PAGE), 'https://shop.example.org');
  });

  it('is empty where there is no origin at all', () => {
    assert.equal(defaultServer('file:///tmp/mini-chat.js', 'file:///tmp/index.html'), '');
  });
});
