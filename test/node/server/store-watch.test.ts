import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';

import { StoreWatch } from '../../../server/store-watch.ts';

interface Watched {
  readonly told: string[];
  readonly watch: StoreWatch;
  /** How many questions wait for an answer. */
  readonly asked: () => number;
  /** Lets so many beats of a tenth of the silence pass, and what they set off. */
  readonly beats: (count: number) => Promise<void>;
}

function watchOf(t: TestContext, ping: () => Promise<void>): Watched {
  const timers = mock.timers;
  timers.enable({ apis: ['setInterval'] });
  const told: string[] = [];
  let asked = 0;
  const watch = new StoreWatch({
    ping: () => {
      asked += 1;
      return ping().finally(() => (asked -= 1));
    },
    silentMs: 1000,
    onSilent: () => told.push('silent'),
    onAnswer: () => told.push('answers'),
  });
  t.after(() => {
    watch.close();
    timers.reset();
  });
  const beats = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1) {
      timers.tick(100);
      await new Promise(setImmediate);
    }
  };
  return { told, watch, asked: () => asked, beats };
}

describe('StoreWatch', () => {
  it('says nothing of a store that answers now and then', async (t) => {
    let beat = 0;
    const { told, beats } = watchOf(t, async () => {
      beat += 1;
      if (beat % 9 !== 0) throw new Error('busy');
    });

    await beats(200);

    assert.deepEqual(told, []);
  });

  it('tells once that the store is silent, and once that it answers again', async (t) => {
    let isUp = false;
    const { told, watch, beats } = watchOf(t, () => (isUp ? Promise.resolve() : new Promise(none)));

    await beats(10);
    assert.deepEqual([told, watch.isSilent], [[], false]);
    await beats(5);
    assert.deepEqual([told, watch.isSilent], [['silent'], true]);
    isUp = true;
    await beats(5);

    assert.deepEqual([told, watch.isSilent], [['silent', 'answers'], false]);
  });

  it('asks a store that never answers no more than twenty times at once', async (t) => {
    const { asked, beats } = watchOf(t, () => new Promise(none));

    await beats(100);

    assert.equal(asked(), 20);
  });
});

function none(): void {}
