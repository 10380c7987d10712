/** docs/PROTOCOL.md is a specification: each example is parsed, each op has a place. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { parseClientOp, parseServerOp } from '../../component/protocol/protocol.ts';
import { fencesOf, sectionOf } from '../support/markdown.ts';
import { childOf, nameOf, nodesOf, parseSource } from '../support/tidy/source.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

const page = read('docs/PROTOCOL.md');
const [clientPart = '', serverPart = ''] = page.split('## What a server says');
const types = read('component/protocol/ops.ts');
const [clientTypes = '', serverTypes = ''] = types.split('server → client');
const clientOps = opsOf(clientTypes);
const serverOps = opsOf(serverTypes);
const fields = fieldsOf(types);

function opsOf(text: string): readonly string[] {
  return [...text.matchAll(/readonly op: '(\w+)'/g)].map(([, op = '']) => op);
}

/** Every field name that the types know. */
function fieldsOf(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of nodesOf(parseSource('ops.ts', text).tree)) {
    if (node.type === 'TSPropertySignature') names.add(nameOf(childOf(node, 'key')) ?? '');
  }
  return names;
}

type Side = 'client' | 'server';

/** Parsed as what its name says on that side; a mistake in an example throws. */
function parseExample(text: string, side: Side): string {
  const { op } = JSON.parse(text) as { op: string };
  if (side === 'client') {
    assert.ok(clientOps.includes(op), `no client says "${op}"`);
    const answer = parseClientOp(text, { textMax: 4000 });
    // What the parser did not copy is a field that no server would read.
    assert.deepEqual(answer, { op: JSON.parse(text) as unknown });
  } else {
    assert.ok(serverOps.includes(op), `no server says "${op}"`);
    assert.notEqual(parseServerOp(text), undefined);
  }
  for (const name of namesIn(JSON.parse(text))) assert.ok(fields.has(name), `no field "${name}"`);
  return op;
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...own, ...Object.values(value).flatMap(namesIn)];
}

describe('docs/PROTOCOL.md', () => {
  const examplesIn = (
    part: string,
    side: Side,
  ): readonly { heading: string; text: string; side: Side }[] =>
    fencesOf(part)
      .filter(({ language }) => language === 'json')
      .map(({ heading, text }) => ({ heading, text, side }));
  const examples = [...examplesIn(clientPart, 'client'), ...examplesIn(serverPart, 'server')];
  const dialogues = fencesOf(page).filter(({ language }) => language === 'dialogue');

  test('knows the ops of both directions', () => {
    assert.ok(clientOps.length >= 7 && serverOps.length >= 10);
  });

  for (const [i, { heading, text, side }] of examples.entries()) {
    test(`example ${i + 1} is a valid ${heading} of a ${side}`, () => {
      assert.equal(parseExample(text, side), heading);
    });
  }

  for (const { heading, text } of dialogues) {
    test(`each line of "${heading}" is said by the side that may say it`, () => {
      for (const line of text.split('\n').filter((one) => !one.startsWith('#'))) {
        parseExample(line.slice(2), line.startsWith('→ ') ? 'client' : 'server');
      }
    });
  }

  for (const [part, side, ops] of [
    [clientPart, 'client', clientOps],
    [serverPart, 'server', serverOps],
  ] as const) {
    for (const op of ops) {
      test(`${op} of a ${side} has a section with an example`, () => {
        assert.ok(sectionOf(part, op)?.includes('```json'));
      });
    }
  }
});
