/** That the cuts fit the Lit that is installed, and take nothing that a template of ours needs. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, test } from 'node:test';

import { leaveUnusedLitOut } from '../../../scripts/unused-lit.ts';

const ROOT = path.join(import.meta.dirname, '../../..');

describe('leaveUnusedLitOut', () => {
  const { transform } = leaveUnusedLitOut();
  const require = createRequire(path.join(ROOT, 'component/package.json'));
  const file = require.resolve('lit-html').replace('/node/', '/');
  const lit = readFileSync(file, 'utf8');

  test('leaves a quarter of Lit out, and nothing of any other file', () => {
    const rest = transform(lit, file)?.code ?? '';

    assert.ok(rest.length < lit.length * 0.75, `${rest.length} of ${lit.length}`);
    assert.doesNotMatch(rest, /_\$litDirective\$|<math>|litHtmlPolyfillSupport/);
    assert.equal(transform(lit, path.join(ROOT, 'component/element/element.ts')), null);
  });

  test('leaves what the templates are made of, and it still parses', async () => {
    const rest = transform(lit, file)?.code ?? '';

    // Lit looks at these when it is loaded.
    const shim = 'const document={createComment(){},createTreeWalker(){}};';
    const { html, nothing, render } = (await import(
      `data:text/javascript,${encodeURIComponent(shim + rest)}`
    )) as typeof import('lit/html.js');

    assert.deepEqual(html`<p>${1}</p>`.values, [1]);
    assert.equal(nothing.toString(), 'Symbol(lit-nothing)');
    assert.equal(typeof render, 'function');
  });

  test('another version of Lit ends the build', () => {
    assert.throws(
      () => transform(lit.replace('class Z{', 'class Y{'), file),
      /scripts\/unused-lit/,
    );
  });

  test('takes nothing that a template of the element needs', () => {
    for (const source of globSync('component/element/*.ts', { cwd: ROOT })) {
      const text = readFileSync(path.join(ROOT, source), 'utf8');

      assert.doesNotMatch(text, /lit\/directive|lit-html\/|\bnoChange\b|\b(svg|mathml)`/, source);
      assert.doesNotMatch(text, /\}\s*<\/textarea|<style|<!--|handleEvent/, source);
    }
  });
});
