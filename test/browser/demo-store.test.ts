import { expect } from '@open-wc/testing';

import { openDemoStore } from '../../component/demo/demo-store.ts';
import type { Epoch, RoomId, UserId } from '../../component/protocol/ops.ts';
import { cases } from '../support/demo-store-suite.ts';

/** Of this file alone: a page of another one may still have the real one open. */
const NAME = 'mini-chat-demo-test';

function forget(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('it stays'));
  });
}

describe('demo store in IndexedDB', () => {
  for (const [name, run] of Object.entries(cases)) {
    it(name, async () => {
      const store = await openDemoStore(() => undefined);
      expect(store.isShared).to.equal(true);

      const [found, wanted] = await run(store);
      store.close();

      expect(found).to.deep.equal(wanted);
    });
  }

  it('has for another tab what this one was told is durable', async () => {
    const [one, other] = [
      await openDemoStore(() => undefined),
      await openDemoStore(() => undefined),
    ];
    const [room, user] = [`lobby-${Date.now()}` as RoomId, 'ada' as UserId];

    await one.markRead(room, user, 7);
    one.close();

    expect(await other.readMark(room, user)).to.equal(7);
    other.close();
  });

  it('is ended when its data is deleted, and does not stand in the way of that', async () => {
    const ended = Promise.withResolvers<void>();
    const store = await openDemoStore(ended.resolve, NAME);
    const room = 'lobby' as RoomId;
    const known = { epoch: undefined, head: 0 };
    await store.update(room, 'one' as Epoch, known, () => undefined);

    await forget();

    await ended.promise;
    const fresh = await openDemoStore(() => undefined, NAME);
    let epoch = '';
    await fresh.update(room, 'two' as Epoch, known, (news) => {
      epoch = news.epoch;
      return undefined;
    });
    expect(epoch).to.equal('two');
    fresh.close();
  });
});
