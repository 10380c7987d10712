import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { cssData, htmlData, webTypes } from '../../../scripts/editor-data.ts';
import { elementOf, type Fact, readManifest } from '../../../scripts/manifest.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

interface Named {
  readonly name: string;
  readonly description: string | { readonly value: string };
}

/** Facts that are not in a list under their name and with their words. */
function missing(facts: readonly Fact[], list: readonly Named[], as = '?'): readonly Fact[] {
  return facts.filter(({ name, description = '' }) => {
    const found = list.find((one) => one.name === as.replace('?', name));
    const words = typeof found?.description === 'string' ? found : found?.description;
    return !Object.values(words ?? {}).some((text) => String(text).includes(description));
  });
}

describe('what editors read', async () => {
  const element = elementOf(await readManifest(ROOT));
  const { attributes, events, slots, cssParts, cssProperties, cssStates = [] } = element;

  test('has every attribute, event, slot and part for HTML', () => {
    const data = htmlData(element) as {
      tags: [{ name: string; description: { value: string }; attributes: Named[] }];
    };
    const [tag] = data.tags;

    const told = [...events, ...slots, ...cssParts];
    const untold = told.filter(
      ({ name, description = '' }) =>
        !tag.description.value.includes(`\`${name}\`: ${description}`),
    );

    assert.equal(tag.name, 'mini-chat');
    assert.deepEqual(missing(attributes, tag.attributes), []);
    assert.deepEqual(untold, []);
    assert.ok(told.length > 30);
  });

  test('knows the values that an attribute may have', () => {
    const { tags } = htmlData(element) as { tags: [{ attributes: Record<string, unknown>[] }] };
    const find = (name: string) => tags[0].attributes.find((one) => one['name'] === name);

    assert.deepEqual(find('mode')?.['values'], [
      { name: 'inline' },
      { name: 'launcher' },
      { name: 'page' },
    ]);
    assert.equal(find('readonly')?.['valueSet'], 'v');
    assert.equal(find('room')?.['values'], undefined);
  });

  test('has every custom property, part and state for CSS', () => {
    const data = cssData(element) as Record<string, readonly Named[]>;

    assert.deepEqual(missing(cssProperties, data['properties'] ?? []), []);
    assert.deepEqual(missing(cssParts, data['pseudoElements'] ?? [], '::part(?)'), []);
    assert.deepEqual(missing(cssStates, data['pseudoClasses'] ?? [], ':state(?)'), []);
  });

  test('has all of it, properties too, for the editors of JetBrains', () => {
    const data = webTypes(element, '1.2.3') as {
      version: string;
      contributions: {
        html: { elements: [Record<'attributes' | 'slots', Named[]> & Record<'js' | 'css', Lists>] };
      };
    };
    const [tag] = data.contributions.html.elements;
    const properties = element.members.filter(({ kind }) => kind === 'field');

    assert.equal(data.version, '1.2.3');
    assert.deepEqual(missing(attributes, tag.attributes), []);
    assert.deepEqual(missing(slots, tag.slots), []);
    assert.deepEqual(missing(events, tag.js['events'] ?? []), []);
    assert.deepEqual(missing(properties, tag.js['properties'] ?? []), []);
    assert.deepEqual(missing(cssProperties, tag.css['properties'] ?? []), []);
    assert.deepEqual(missing(cssParts, tag.css['parts'] ?? []), []);
  });

  test('is in the npm package, where editors look for it', () => {
    const manifest = JSON.parse(
      readFileSync(path.join(ROOT, 'component/package.json'), 'utf8'),
    ) as Record<string, unknown> & { files: readonly string[] };

    const files = [
      'custom-elements.json',
      'vscode.html-custom-data.json',
      'vscode.css-custom-data.json',
      'web-types.json',
    ];
    assert.deepEqual(
      files.filter((file) => !manifest.files.includes(file)),
      [],
    );
    assert.equal(manifest['customElements'], 'custom-elements.json');
    assert.equal(manifest['web-types'], './web-types.json');
  });
});

type Lists = Readonly<Record<string, readonly Named[]>>;
