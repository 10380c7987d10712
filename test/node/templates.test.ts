/** What the tools of React, Svelte and Vue find in templates that have the tag in them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { command } from '../support/packed.ts';

const FOLDER = path.join(import.meta.dirname, '../support/templates');
const ROOT = path.join(import.meta.dirname, '../..');

interface Framework {
  readonly tool: string;
  readonly args: readonly string[];
  readonly file: string;
  /** Finds the line of each mistake in what the tool says. */
  readonly line: RegExp;
}

const frameworks: Readonly<Record<string, Framework>> = {
  React: {
    tool: 'node_modules/typescript/bin/tsc',
    args: ['-p', '.', '--pretty', 'false'],
    file: 'mistakes.tsx',
    line: /^mistakes\.tsx\((\d+),\d+\): error/gm,
  },
  Svelte: {
    tool: 'demo/svelte/node_modules/svelte-check/bin/svelte-check',
    args: ['--tsconfig', './tsconfig.json', '--output', 'machine'],
    file: 'Mistakes.svelte',
    line: /^\d+ ERROR "Mistakes\.svelte" (\d+):/gm,
  },
  Vue: {
    tool: 'demo/vue/node_modules/vue-tsc/bin/vue-tsc.js',
    args: ['-p', '.', '--pretty', 'false'],
    file: 'Mistakes.vue',
    line: /^Mistakes\.vue\((\d+),\d+\): error/gm,
  },
};

for (const [name, { tool, args, file, line }] of Object.entries(frameworks)) {
  describe(`The types for ${name}`, () => {
    test('take what is right, and refuse each wrong property, value and detail', async () => {
      const lines = readFileSync(path.join(FOLDER, file), 'utf8').split('\n');
      const wrong = lines.flatMap((text, i) => (text.includes('title="wrong"') ? [i + 1] : []));

      const { output } = await command(process.execPath, [path.join(ROOT, tool), ...args], FOLDER);

      const found = [...output.matchAll(line)].map(([, at]) => Number(at));
      assert.ok(wrong.length >= 5);
      assert.deepEqual([...new Set(found)], wrong, output);
    });
  });
}
