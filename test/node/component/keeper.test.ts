import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Keeper } from '../../../component/client/keeper.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';

/** Pretends to be a page whose storage is like this. */
function page(t: { after(run: () => void): void }, storage: () => Storage | null): void {
  const window = Object.defineProperty({}, 'localStorage', { get: storage });
  Object.assign(globalThis, { window });
  t.after(() => Reflect.deleteProperty(globalThis, 'window'));
}

describe('Keeper', () => {
  test('keeps in the storage it is given', () => {
    const storage = new MemoryStorage();
    const keeper = new Keeper(storage);

    keeper.write('a', '1');
    keeper.write('b', '2');
    keeper.remove('b');

    assert.equal(storage.getItem('a'), '1');
    assert.equal(keeper.read('a'), '1');
    assert.equal(keeper.read('b'), undefined);
    assert.deepEqual(keeper.keys('a'), ['a']);
    assert.equal(keeper.fault, undefined);
  });

  test('keeps in memory in Node, and where it is told to, without a fault', () => {
    for (const given of [null, undefined]) {
      const keeper = new Keeper(given);
      keeper.write('a', '1');

      assert.equal(keeper.read('a'), '1');
      assert.deepEqual(keeper.keys(''), []);
      assert.equal(keeper.fault, undefined);
    }
  });

  test("takes the page's own storage", (t) => {
    const storage = new MemoryStorage();
    page(t, () => storage);

    new Keeper(undefined).write('a', '1');

    assert.equal(storage.getItem('a'), '1');
  });

  test('a forbidden storage is blocked, and memory does for the visit', (t) => {
    page(t, () => {
      throw new DOMException('not allowed', 'SecurityError');
    });
    const keeper = new Keeper(undefined);
    keeper.write('a', '1');

    assert.equal(keeper.read('a'), '1');
    assert.equal(keeper.fault, 'blocked');
  });

  test('a page without any storage is blocked, too', (t) => {
    page(t, () => null);

    assert.equal(new Keeper(undefined).fault, 'blocked');
  });

  test('a full storage is full until a write works; what was written is not lost', () => {
    const storage = new MemoryStorage();
    const keeper = new Keeper(storage);
    keeper.write('a', 'old');
    storage.fault = 'full';

    keeper.write('a', 'new');
    assert.equal(keeper.fault, 'full');
    assert.equal(keeper.read('a'), 'new');
    storage.fault = undefined;
    keeper.write('a', 'newer');

    assert.equal(keeper.fault, undefined);
    assert.equal(storage.getItem('a'), 'newer');
    assert.equal(keeper.read('a'), 'newer');
  });

  test('a storage that is forbidden later is blocked, and never throws', () => {
    const storage = new MemoryStorage();
    const keeper = new Keeper(storage);
    storage.fault = 'blocked';

    assert.equal(keeper.read('a'), undefined);
    keeper.write('a', '1');
    keeper.remove('b');
    keeper.keys('a');

    assert.equal(keeper.fault, 'blocked');
    assert.equal(keeper.read('a'), '1');
  });

  test('what is no JSON reads as nothing', () => {
    const keeper = new Keeper(null);
    keeper.write('good', '{"a":1}');
    keeper.write('bad', '{"a":');

    assert.deepEqual(keeper.readJson('good'), { a: 1 });
    assert.equal(keeper.readJson('bad'), undefined);
    assert.equal(keeper.readJson('absent'), undefined);
  });
});
