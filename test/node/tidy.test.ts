/** The project against its own rules. What each rule refuses is shown in tidy-rules.test.ts. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { badArrows } from '../support/tidy/arrows.ts';
import { bannedCalls, leftovers, silentCatches, undocumented } from '../support/tidy/calls.ts';
import { deadExports } from '../support/tidy/exports.ts';
import { missingMirrors, staleUnmirrored } from '../support/tidy/mirrors.ts';
import { namedPlaces } from '../support/tidy/places.ts';
import { oversizes } from '../support/tidy/shape.ts';
import { type Finding, projectFiles, readSources, said } from '../support/tidy/source.ts';
import { bannedWords } from '../support/tidy/words.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const files = projectFiles(ROOT);
const sources = readSources(ROOT);

test('every import follows an arrow of the code map', () => clean(sources.flatMap(badArrows)));

test('every function, file and line keeps its size', () => clean(sources.flatMap(oversizes)));

test('no name uses a word that the glossary refuses', () => clean(sources.flatMap(bannedWords)));

test('nothing banned is called', () => clean(sources.flatMap(bannedCalls)));

test('no error is swallowed without a reason', () => clean(sources.flatMap(silentCatches)));

test('no note to oneself is left in a comment', () => clean(sources.flatMap(leftovers)));

test('every export of what ships has a docstring', () => clean(sources.flatMap(undocumented)));

test('every export is imported somewhere', () => clean(deadExports(sources)));

test('every source has a test of its name', () => clean(missingMirrors(files)));

test('the list of sources without a test names files that exist', () =>
  clean(staleUnmirrored(files)));

test('no file names a registry or a path of one machine', () => {
  const hosts = configuredHosts();

  const found = files
    .filter((file) => !/\.(png|webp|jpg|ico|woff2)$/.test(file))
    // The rule itself and its test have to say what they look for.
    .filter((file) => !/^test\/(support\/tidy\/places|node\/tidy-rules\.test)\.ts$/.test(file))
    .flatMap((file) => namedPlaces(file, readFileSync(path.join(ROOT, file), 'utf8'), hosts));

  clean(found);
});

function clean(findings: readonly Finding[]): void {
  assert.equal(findings.length, 0, `\n${said(findings)}`);
}

/** Hosts that package managers are told to use here; a mirror's name must not leak either. */
function configuredHosts(): readonly string[] {
  const names = [
    'npm_config_registry',
    'PIP_INDEX_URL',
    'GOPROXY',
    'CARGO_REGISTRIES_CRATES_IO_INDEX',
  ];
  return names.flatMap((name) => {
    const url = process.env[name] ?? '';
    return URL.canParse(url) ? [new URL(url).host] : [];
  });
}
