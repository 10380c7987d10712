import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fire } from '../../../component/element/events.ts';

describe('fire', () => {
  it('bubbles, and crosses shadow roots', () => {
    const host = new EventTarget();
    const heard: Event[] = [];
    host.addEventListener('mini-chat-unread', (event) => heard.push(event));

    fire(host, 'mini-chat-unread', { count: 2 });

    const [event] = heard;
    assert.ok(event instanceof CustomEvent);
    assert.deepEqual(event.detail, { count: 2 });
    assert.deepEqual([event.bubbles, event.composed, event.cancelable], [true, true, false]);
  });

  it('can be cancelled before a message is sent, and only then', () => {
    const host = new EventTarget();
    for (const type of ['mini-chat-before-send', 'mini-chat-status']) {
      host.addEventListener(type, (event) => event.preventDefault());
    }

    assert.equal(fire(host, 'mini-chat-before-send', { text: 'x' }), false);
    assert.equal(fire(host, 'mini-chat-status', { status: 'live' }), true);
  });
});
