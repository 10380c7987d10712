/** Documents repeat what the code says; here they are held to it. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';

import { readDecisions } from '../../scripts/decisions.ts';
import { documents, fill, type Parts, readParts, renderDocument } from '../../scripts/docs.ts';
import { flagOf } from '../../server/config.ts';
import { settings, type SettingName } from '../../server/settings.ts';
import { fencesOf, linksOf, sectionOf } from '../support/markdown.ts';
import { projectFiles } from '../support/tidy/source.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const pages = projectFiles(ROOT).filter((file) => file.endsWith('.md'));

describe('generated parts', () => {
  let parts: Parts;

  before(async () => {
    parts = await readParts();
  });

  for (const file of documents) {
    test(`${file} is what "npm run docs" writes`, async () => {
      assert.equal(read(file), await renderDocument(file, parts));
    });
  }

  test('every part has its place in a document', () => {
    const all = documents.map(read).join('\n');

    const homeless = Object.keys(parts).filter((name) => !all.includes(`<!-- begin ${name} -->`));

    assert.deepEqual(homeless, []);
  });

  test('a begin without its end is a mistake, a document without marks stays as it is', () => {
    assert.equal(
      fill('<!-- begin a -->x<!-- end a -->', 'a', 'y'),
      '<!-- begin a -->y<!-- end a -->',
    );
    assert.equal(fill('nothing', 'a', 'y'), 'nothing');
    assert.throws(() => fill('<!-- begin a -->', 'a', 'y'), /has no/);
  });
});

describe('every page', () => {
  for (const file of pages) {
    test(`${file} links only to files that exist`, () => {
      const dead = linksOf(read(file)).filter(
        ({ to }) => !existsSync(path.join(ROOT, path.dirname(file), to)),
      );

      assert.deepEqual(dead, []);
    });

    test(`${file} names only npm scripts and flags that exist`, () => {
      const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
      const text = read(file);

      const names = [...text.matchAll(/\bnpm run ([a-z][\w:]*)/g)].map(([, name = '']) => name);
      const unknown = names.filter((name) => !Object.hasOwn(scripts, name));

      assert.deepEqual(unknown, []);
      assert.deepEqual(unknownFlags(text), []);
    });
  }
});

/** Flags after the server's command that its table of settings does not have. */
function unknownFlags(text: string): readonly string[] {
  const known = new Set((Object.keys(settings) as SettingName[]).map(flagOf));
  for (const flag of ['--help', '--version', '--sub', '--name', '--role', '--rooms', '--ttl']) {
    known.add(flag);
  }
  const commands = text.match(/(mini-chat-server|npm start --)( [^`\n|#]*)/g) ?? [];
  return commands.flatMap((line) =>
    (line.match(/(?<= )--[a-z][a-z-]+/g) ?? []).filter((flag) => !known.has(flag)),
  );
}

describe('README.md', () => {
  test('shows the snippet of the demo page', () => {
    const [snippet] = fencesOf(read('README.md')).filter(({ language }) => language === 'html');
    const lines = (snippet?.text ?? '').split('\n').map((line) => line.trim());
    // The demo is served by the server itself, so its address needs no host.
    const own = lines.map((line) => line.replace('https://chat.example.org/', '/'));

    const page = read('demo/index.html')
      .split('\n')
      .map((line) => line.trim());

    const missing = own.filter((line) => line !== '' && !page.includes(line));
    assert.equal(lines.length, 2);
    assert.deepEqual(missing, []);
  });
});

describe('docs/frameworks.md', () => {
  const fences = fencesOf(read('docs/frameworks.md'));
  const shown = fences.filter(({ heading }) => heading !== 'Editors');
  for (const { language, text } of shown) {
    test(`shows a file of an app as it is: ${language}`, () => {
      const same = projectFiles(ROOT).filter(
        (file) => /^demo\/(react|svelte|vue)\//.test(file) && read(file).trimEnd() === text,
      );

      assert.equal(same.length, 1);
    });
  }

  test('shows an app of each framework', () => {
    const languages = shown.map(({ language }) => language);

    assert.deepEqual(languages, ['tsx', 'vue', 'ts', 'svelte']);
  });

  test('names files that editors find in the package', () => {
    const [settings] = fences.filter(({ heading }) => heading === 'Editors');
    const named = Object.values(
      JSON.parse(settings?.text ?? '') as Record<string, string[]>,
    ).flat();

    const { files } = JSON.parse(read('component/package.json')) as { files: readonly string[] };

    assert.equal(named.length, 2);
    for (const file of named) {
      assert.ok(files.includes(file.replace('./node_modules/mini-chat/', '')), file);
    }
  });
});

/** Every test or bench that a part of a document names is in its file. */
function assertNamesTests(part: string): void {
  const tests = linksOf(part).filter(({ to }) => /^\.\.\/(test|bench)\//.test(to));
  assert.ok(tests.length > 0, 'it names no test');
  for (const { words, to } of tests) {
    const source = read(path.join('docs', to)).replaceAll("\\'", "'");
    assert.ok(source.includes(words), `${to} has no test "${words}"`);
  }
}

describe('docs/GUARANTEES.md', () => {
  const text = read('docs/GUARANTEES.md');

  for (let number = 1; number <= 10; number += 1) {
    test(`G${number} is stated, and each test it names is there`, () => {
      const [heading] = new RegExp(`^## (G${number} .*)$`, 'm').exec(text)?.slice(1) ?? [];
      assertNamesTests(sectionOf(text, heading ?? '') ?? '');
    });
  }
});

describe('docs/PROTOCOL.md', () => {
  const section = sectionOf(read('docs/PROTOCOL.md'), 'Invariants of a client') ?? '';
  const invariants = section.split(/^(?=\d+\. )/m).slice(1);

  test('numbers its invariants from 1 without holes', () => {
    assert.ok(invariants.length > 10);
    invariants.forEach((text, i) => assert.ok(text.startsWith(`${i + 1}. **`), text));
  });

  for (const text of invariants) {
    test(`invariant ${parseInt(text, 10)} names its check, and the check is there`, () => {
      assertNamesTests(text);
    });
  }
});

describe('docs/ARCHITECTURE.md', () => {
  test('is at most 200 lines long', () => {
    assert.ok(read('docs/ARCHITECTURE.md').trimEnd().split('\n').length <= 200);
  });

  test('has a word about every source', () => {
    const text = read('docs/ARCHITECTURE.md');
    const sources = projectFiles(ROOT).filter((file) =>
      /^(component\/(protocol|client|demo|element)|server)\/[\w-]+\.ts$/.test(file),
    );

    const untold = sources.filter((file) => !text.includes(path.basename(file, '.ts')));

    assert.deepEqual(untold, []);
  });
});

describe('docs/decisions', () => {
  const decisions = readDecisions(path.join(ROOT, 'docs/decisions'));

  test('are numbered from 1 without holes', () => {
    assert.deepEqual(
      decisions.map(({ number }) => number),
      decisions.map((_, i) => i + 1),
    );
  });

  for (const { file, text, title, status } of decisions) {
    test(`${file} has Nygard's four parts, a measurement and at most 40 lines`, () => {
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);

      const [last, ...rest] = headings.toReversed();
      const four = last === 'Measured' ? rest.toReversed() : headings;
      assert.deepEqual(four, ['Status', 'Context', 'Decision', 'Consequences']);
      assert.match(text, /^(Measured: |## Measured$)/m);
      assert.ok(text.trimEnd().split('\n').length <= 40);
      assert.notEqual(title, '');
      assert.match(status, /^(Accepted|Proposed|Superseded by)/);
    });
  }
});
