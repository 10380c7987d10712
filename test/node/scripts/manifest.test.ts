import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test } from 'node:test';

import { cssPropertiesOf, elementOf, readManifest } from '../../../scripts/manifest.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

describe('cssPropertiesOf', () => {
  test('takes a property with the comment above it and its default', () => {
    const css =
      '/* Colour of\n links. */\n--_a: var(--mini-chat-a, light-dark(#fff, rgb(0, 0, 0)));';

    assert.deepEqual(cssPropertiesOf(css), [
      {
        name: '--mini-chat-a',
        description: 'Colour of links.',
        default: 'light-dark(#fff, rgb(0, 0, 0))',
      },
    ]);
  });

  test('takes one without a comment or a default as it is', () => {
    assert.deepEqual(cssPropertiesOf('a { color: var(--mini-chat-b); }'), [
      { name: '--mini-chat-b' },
    ]);
  });
});

describe('the manifest of <mini-chat>', async () => {
  const element = elementOf(await readManifest(ROOT));

  test('describes everything that it offers', () => {
    const { attributes, events, slots, cssParts, cssProperties, members } = element;
    const methods = members.filter(({ kind }) => kind === 'method');
    const all = [...attributes, ...events, ...slots, ...cssParts, ...cssProperties, ...methods];

    const bare = all.filter(({ description = '' }) => description === '');

    assert.deepEqual(bare, []);
    assert.ok(attributes.length >= 8 && events.length >= 7 && cssProperties.length >= 8);
  });

  test('has no private member', () => {
    assert.deepEqual(
      element.members.filter(({ name }) => name.startsWith('#')),
      [],
    );
  });
});
