import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { Listeners } from '../../../component/client/listeners.ts';

describe('Listeners', () => {
  test('tells each in the order they came, one function as often as it listens', () => {
    const listeners = new Listeners<[string]>();
    const told: string[] = [];
    const listen = (word: string): void => void told.push(word);
    const stop = listeners.add(listen);
    listeners.add(listen);
    listeners.add((word) => told.push(word.toUpperCase()));

    listeners.tell('one');
    stop();
    stop();
    listeners.tell('two');

    assert.deepEqual(told, ['one', 'one', 'ONE', 'two', 'TWO']);
  });

  test('one that throws is reported as its own, and stops nobody else', async (t) => {
    const thrown: unknown[] = [];
    process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
    t.after(() => process.setUncaughtExceptionCaptureCallback(null));
    const listeners = new Listeners<[]>();
    let told = 0;
    listeners.add(() => {
      throw new Error('of the listener');
    });
    listeners.add(() => (told += 1));

    listeners.tell();
    await turn();

    assert.equal(told, 1);
    assert.equal((thrown[0] as Error).message, 'of the listener');
  });

  test('one that is added while telling is told next time', () => {
    const listeners = new Listeners<[]>();
    let told = 0;
    listeners.add(() => void (told === 0 && listeners.add(() => (told += 1))));

    listeners.tell();
    assert.equal(told, 0);
    listeners.tell();

    assert.equal(told, 1);
  });
});
