/** The runner must not take nothing for success. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { countByEngine } from '../support/browser-reporter.ts';
import { closingLine, type Counts, noCounts, sumOf } from '../support/counts.ts';

const execute = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-runner-'));
after(() => rmSync(folder, { recursive: true }));

const LEVEL = path.join(import.meta.dirname, '../support/node-level.ts');
const HEAD = `import { describe, test } from 'node:test';\n`;

/** Runs one file of tests in a runner of its own: node:test refuses to run inside itself. */
async function ran(
  text: string,
  fileMsMax = 60_000,
): Promise<{ readonly counts: Counts; readonly words: string }> {
  const file = path.join(folder, 'some.test.ts');
  writeFileSync(file, text);
  const script = `
    import { runNodeLevel } from ${JSON.stringify(LEVEL)};
    let words = '';
    const write = (text) => { words += text; };
    const files = [${JSON.stringify(file)}];
    const counts = await runNodeLevel({ files, concurrency: 1, fileMsMax: ${fileMsMax}, write });
    process.stdout.write(JSON.stringify({ counts, words }));`;
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  // A file, since the runner hands its own arguments down to what it runs.
  const runner = path.join(folder, 'run.mjs');
  writeFileSync(runner, script);
  const { stdout } = await execute(process.execPath, [runner], { env });
  return JSON.parse(stdout) as { counts: Counts; words: string };
}

describe('a file of node:test', () => {
  test('is counted test by test', async () => {
    const inner = `test('a', () => {}); test('b', () => { throw new Error('x'); });`;

    const { counts } = await ran(`${HEAD}describe('s', () => { ${inner} test.skip('c'); });`);

    assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 1 });
  });

  test('tells a failure with its name and what the file said', async () => {
    const { words } = await ran(
      `${HEAD}test('falls', () => { process.stdout.write('oh\\n'); throw new Error('hard'); });`,
    );

    assert.match(words, /not ok {2}falls/);
    assert.match(words, /Error: hard/);
    assert.match(words, /\| oh/);
  });

  test('that does not load has failed', async () => {
    const { counts } = await ran(`throw new Error('not today');`);

    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  });

  test('without tests has failed', async () => {
    const { counts, words } = await ran('export {};');

    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
    assert.match(words, /has no tests/);
  });

  test('that does not end is stopped, and has failed', async () => {
    const { counts } = await ran(
      `${HEAD}test('hangs', () => new Promise(() => setInterval(() => {}, 50)));`,
      2000,
    );

    assert.deepEqual(counts, { passed: 0, failed: 1, skipped: 0 });
  });
});

describe('a browser session', () => {
  const one = { name: 'a', passed: true, skipped: false };
  const session = {
    testFile: 'a.test.ts',
    browser: { name: 'Chromium' },
    passed: true,
    errors: [],
    logs: [],
    testResults: {
      name: '',
      tests: [one, { ...one, passed: false, skipped: true }],
      suites: [{ name: 's', suites: [], tests: [{ ...one, passed: false }] }],
    },
  };

  test('is counted test by test, suites included', () => {
    const counts = countByEngine([{ ...session, passed: false }]);

    assert.deepEqual(counts, { chromium: { passed: 1, failed: 1, skipped: 1 } });
  });

  test('that did not load has failed', () => {
    const { testResults: _, ...unloaded } = session;

    const counts = countByEngine([{ ...unloaded, passed: false }]);

    assert.deepEqual(counts, { chromium: { passed: 0, failed: 1, skipped: 0 } });
  });
});

describe('counts', () => {
  test('add up to one line, with skips only if there are any', () => {
    const sum = sumOf([noCounts, { passed: 2, failed: 1, skipped: 0 }]);

    assert.equal(closingLine(sum), '2 passed, 1 failed');
    assert.equal(closingLine({ ...sum, skipped: 3 }), '2 passed, 1 failed, 3 skipped');
  });
});
