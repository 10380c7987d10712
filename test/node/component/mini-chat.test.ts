import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

describe('mini-chat in Node', () => {
  it('imports without a window, and leaves none behind', async () => {
    const before = Object.getOwnPropertyNames(globalThis);

    const module = await import('../../../component/element/mini-chat.ts');

    assert.equal(typeof module.MiniChat, 'function');
    assert.equal(typeof module.ChatClient, 'function');
    const added = Object.getOwnPropertyNames(globalThis).filter((name) => !before.includes(name));
    // Lit leaves its versions, by which it warns of two copies on a page, and a stand-in registry.
    assert.deepEqual(
      added.filter((name) => !/^lit|^reactive|^customElements$|^_\$/.test(name)),
      [],
    );
  });

  it('has the element without its definition, too', async () => {
    const { MiniChat } = await import('../../../component/element/element.ts');

    assert.equal(MiniChat.name, 'MiniChat');
    assert.ok(MiniChat.observedAttributes.includes('room'));
  });
});
