/** package-lock.json must install on every platform, from every registry. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';

import { type Lock, lockHoles } from '../support/tidy/places.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
const lock = read('package-lock.json') as Lock;

interface Package {
  readonly version?: string;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifests = [
  'package.json',
  'component/package.json',
  'server/package.json',
  ...['react', 'svelte', 'vue'].map((name) => `demo/${name}/package.json`),
].map((file) => [file, read(file) as Package] as const);

describe('package-lock.json', () => {
  test('has an entry for each optional package, or npm ci would fail elsewhere', () => {
    assert.deepEqual(lockHoles(lock), []);
  });

  test('names no registry, so that it installs from any', () => {
    const resolved = Object.values(lock.packages).map((entry) => entry.resolved ?? '');

    assert.deepEqual(
      resolved.filter((url) => url.startsWith('http')),
      [],
    );
  });
});

describe('package.json', () => {
  test('pins every version', () => {
    for (const [file, { dependencies = {}, devDependencies = {} }] of manifests) {
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
        assert.match(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, `${file}: ${name} ${version}`);
      }
    }
  });

  test('lets only the package that brings Node run an install script', () => {
    const [, root] = manifests[0]!;
    const allowed = Object.entries(root.allowScripts ?? {}).filter(([, isAllowed]) => isAllowed);

    assert.deepEqual(allowed, [['node', true]]);
  });

  test('gives both packages one version', () => {
    const [, component] = manifests[1]!;
    const [, server] = manifests[2]!;

    assert.equal(component.version, server.version);
    assert.equal(server.dependencies?.['mini-chat'], component.version);
  });
});
