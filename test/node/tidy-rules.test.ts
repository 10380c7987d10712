/** Each tidy rule against something tiny that it must refuse, and its neighbour that is fine. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { badArrows } from '../support/tidy/arrows.ts';
import { bannedCalls, leftovers, silentCatches, undocumented } from '../support/tidy/calls.ts';
import { deadExports } from '../support/tidy/exports.ts';
import { missingMirrors } from '../support/tidy/mirrors.ts';
import { lockHoles, namedPlaces } from '../support/tidy/places.ts';
import { oversizes } from '../support/tidy/shape.ts';
import { type Finding, parseSource, type Source } from '../support/tidy/source.ts';
import { bannedWords } from '../support/tidy/words.ts';

type Rule = (source: Source) => readonly Finding[];

/** How often a rule objects to a text at a path. */
function objections(rule: Rule, path: string, text: string): number {
  return rule(parseSource(path, text)).length;
}

describe('import arrows', () => {
  const arrow = (path: string, to: string): number =>
    objections(badArrows, path, `import { x } from '${to}';`);

  test('the protocol imports nothing else', () => {
    assert.equal(arrow('component/protocol/parse.ts', './codes.ts'), 0);
    assert.equal(arrow('component/protocol/parse.ts', '../client/client.ts'), 1);
    assert.equal(arrow('component/protocol/parse.ts', 'node:fs'), 1);
  });

  test('the element knows types of the protocol, and nothing that runs', () => {
    const type = `import type { User } from '../protocol/ops.ts';`;

    assert.equal(objections(badArrows, 'component/element/chat.ts', type), 0);
    assert.equal(arrow('component/element/chat.ts', '../protocol/ops.ts'), 1);
    assert.equal(arrow('component/element/chat.ts', '../protocol/parse.ts'), 1);
  });

  test('a database driver has one owner', () => {
    assert.equal(arrow('server/store-mongodb.ts', 'mongodb'), 0);
    assert.equal(arrow('server/room-log.ts', 'mongodb'), 1);
  });

  test('what stands below does not know what stands above', () => {
    assert.equal(arrow('server/connection.ts', './session.ts'), 1);
    assert.equal(arrow('server/room-log.ts', './room.ts'), 1);
    assert.equal(arrow('server/session.ts', './room.ts'), 0);
  });

  test('nothing that ships imports a test', () => {
    assert.equal(arrow('server/app.ts', '../test/support/seed.ts'), 1);
    assert.equal(arrow('bench/run.ts', '../test/support/seed.ts'), 0);
  });

  test('re-exports and import() are arrows, too', () => {
    const path = 'component/protocol/parse.ts';

    assert.equal(objections(badArrows, path, `export * from 'lit';`), 1);
    assert.equal(objections(badArrows, path, `const lit = await import('lit');`), 1);
  });
});

describe('sizes', () => {
  const lines = (count: number): string => 'go();\n'.repeat(count);

  test('a function of 50 lines passes, one of 51 does not', () => {
    assert.equal(objections(oversizes, 'a.ts', `function a() {\n${lines(48)}}`), 0);
    assert.equal(objections(oversizes, 'a.ts', `function a() {\n${lines(49)}}`), 1);
    assert.equal(objections(oversizes, 'a.ts', `const a = () => {\n${lines(49)}};`), 1);
    assert.equal(objections(oversizes, 'a.ts', `class A { a() {\n${lines(49)}} }`), 1);
  });

  test('a list of tests may be long, a test may not', () => {
    const long = `test('x', () => {\n${lines(60)}});\n`;

    const list = `describe('x', () => {\n${`test('y', () => go());\n`.repeat(60)}});`;

    assert.equal(objections(oversizes, 'a.ts', list), 0);
    assert.equal(objections(oversizes, 'a.ts', `describe('x', () => {\n${long}});`), 1);
  });

  test('a file of 401 lines, a line of 101 characters and a fifth parameter are too much', () => {
    assert.equal(objections(oversizes, 'a.ts', lines(400)), 0);
    assert.equal(objections(oversizes, 'a.ts', lines(401)), 1);
    assert.equal(objections(oversizes, 'a.ts', `// ${'x'.repeat(97)}`), 0);
    assert.equal(objections(oversizes, 'a.ts', `// ${'x'.repeat(98)}`), 1);
    assert.equal(objections(oversizes, 'a.ts', 'function a(b, c, d, e, f) {}'), 1);
    assert.equal(objections(oversizes, 'test/a.ts', `test('${'x'.repeat(100)}');`), 0);
  });
});

describe('words', () => {
  test('a refused word is found in any part of a name, also in a type', () => {
    assert.equal(objections(bannedWords, 'a.ts', 'const lastMsg = 1;'), 1);
    assert.equal(objections(bannedWords, 'a.ts', 'const MSG_MAX = 1;'), 1);
    assert.equal(objections(bannedWords, 'a.ts', 'interface A { readonly maxSeq: number }'), 1);
    assert.equal(objections(bannedWords, 'a.ts', 'class A { #channel = 1; }'), 1);
  });

  test('words that only look alike, texts, comments and platform names pass', () => {
    const text = `const serialized = 'channel'; // msg\nnew BroadcastChannel('x'); child.kill();`;

    assert.equal(objections(bannedWords, 'a.ts', text), 0);
  });
});

describe('calls', () => {
  const calls = (path: string, text: string): number => objections(bannedCalls, path, text);

  test('markup from text is refused', () => {
    assert.equal(calls('component/element/a.ts', 'place.innerHTML = text;'), 1);
    assert.equal(calls('component/element/a.ts', `import { unsafeHTML } from 'lit';`), 1);
  });

  test('a pure file takes no clock, no dice and no page', () => {
    const path = 'component/client/session.ts';

    assert.equal(calls(path, 'const at = Date.now();'), 1);
    assert.equal(calls(path, 'const at = new Date();'), 1);
    assert.equal(calls(path, 'const x = Math.random();'), 1);
    assert.equal(calls(path, 'setTimeout(() => go(), 5);'), 1);
    assert.equal(calls(path, 'const at = now();'), 0);
    assert.equal(calls('component/client/environment.ts', 'const at = Date.now();'), 0);
  });

  test('logging to the console, a test that runs alone and eval are refused', () => {
    assert.equal(calls('server/a.ts', `console.log('x');`), 1);
    assert.equal(calls('test/a.test.ts', `test.only('x', () => {});`), 1);
    assert.equal(calls('server/a.ts', `eval('x');`), 1);
  });

  test('the environment and JSON of peers have one reader each', () => {
    assert.equal(calls('server/room.ts', 'const x = process.env.X;'), 1);
    assert.equal(calls('server/session.ts', 'const op = JSON.parse(text);'), 1);
    assert.equal(calls('component/protocol/parse.ts', 'const op = JSON.parse(text);'), 0);
  });
});

describe('comments', () => {
  test('a catch without a word is refused, one with a reason is not', () => {
    assert.equal(objections(silentCatches, 'a.ts', 'try { go(); } catch { stop(); }'), 1);
    assert.equal(objections(silentCatches, 'a.ts', 'try { go(); } catch (error) {}'), 1);
    assert.equal(objections(silentCatches, 'a.ts', 'try { go(); } catch {\n// why\n}'), 0);
    assert.equal(objections(silentCatches, 'a.ts', 'try { go(); } catch (e) { say(e); }'), 0);
  });

  test('a note to oneself is refused', () => {
    assert.equal(objections(leftovers, 'a.ts', `// ${'TO'}DO: later`), 1);
    assert.equal(objections(leftovers, 'a.ts', '// todos are a list'), 0);
  });

  test('an export without a docstring is refused, a run of lines shares one', () => {
    const path = 'server/a.ts';

    assert.equal(objections(undocumented, path, 'export const a = 1;'), 1);
    assert.equal(objections(undocumented, path, '// no\nexport const a = 1;'), 1);
    assert.equal(objections(undocumented, path, '/** Why. */\nexport const a = 1;'), 0);
    assert.equal(
      objections(undocumented, path, '/** Why. */\nexport const a = 1;\nexport const b = 2;'),
      0,
    );
  });
});

describe('the whole', () => {
  test('an export that nobody imports is found', () => {
    const a = parseSource(
      'server/a.ts',
      'export const x = 1; export function y() {} export interface Z {}',
    );
    const b = parseSource('server/b.ts', `import { x } from './a.ts';`);

    assert.deepEqual(
      deadExports([a, b]).map(({ words }) => words),
      ['export y is imported nowhere'],
    );
  });

  test('a source without a test is found', () => {
    const files = ['server/a.ts', 'server/b.ts', 'test/node/server/a.test.ts'];

    assert.deepEqual(
      missingMirrors(files).map(({ path }) => path),
      ['server/b.ts'],
    );
  });

  test('a path of one machine and a configured host are found', () => {
    assert.equal(namedPlaces('a', `see /${'home'}/me/a`, []).length, 1);
    assert.equal(namedPlaces('a', 'see https://mirror.example/x', ['mirror.example']).length, 1);
    assert.equal(namedPlaces('a', 'see /homepage and ./work/a', []).length, 0);
  });

  test('a lockfile that misses the package of another platform is found', () => {
    const entry = { optionalDependencies: { '@x/linux': '1', '@x/darwin': '1' } };

    const lock = { packages: { 'node_modules/x': entry, 'node_modules/@x/linux': {} } };

    assert.deepEqual(lockHoles(lock), ['@x/darwin']);
  });
});
