import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { type DemoStore, MemoryStore } from '../../../component/demo/demo-store.ts';
import { FIRST_PAGE } from '../../../component/protocol/limits.ts';
import { type DemoMember, DemoTabs, lobby } from '../../support/demo-tabs.ts';

/** A store that does not answer while it `isDown`, and takes nothing then. */
class FaultyStore extends MemoryStore {
  isDown = false;

  override async update(...given: Parameters<DemoStore['update']>): Promise<void> {
    if (this.isDown) throw new Error('no room left');
    return super.update(...given);
  }
}

async function say(tabs: DemoTabs, member: DemoMember, count: number): Promise<void> {
  for (let i = 1; i <= count; i += 1) member.send('message', { text: `line ${i}` });
  for (let i = 0; i < count; i += 1) await tabs.clock.settle();
}

describe('demo room', () => {
  it('begins with the newest page, and has older ones', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    await say(tabs, ada, FIRST_PAGE + 10);

    const ben = await tabs.member('Ben');
    const [joined] = ben.of('joined');
    assert.ok(joined && 'messages' in joined);
    const before = joined.messages[0]?.seq ?? 0;
    ben.say({ op: 'history', room: lobby, before, limit: 100, re: 1 });
    await tabs.clock.settle();

    assert.deepEqual([joined.head, joined.floor, joined.messages.length], [60, 1, FIRST_PAGE]);
    const [page] = ben.of('page');
    assert.deepEqual(
      page?.messages.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    );
  });

  it('resumes a cursor with exactly what came after it, and resets one of another log', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    const epoch = ada.of('joined')[0]?.epoch;
    await say(tabs, ada, 3);
    const { id = '' } = ada.of('entries')[0]?.entries[0] ?? {};

    ada.say({ op: 'join', room: lobby, cursor: { epoch, seq: 1, id } });
    ada.say({ op: 'join', room: lobby, cursor: { epoch: 'other', seq: 1, id } });
    await tabs.clock.settle();

    const resumed = ada.of('joined').at(-1);
    assert.ok(resumed && 'entries' in resumed);
    assert.deepEqual(
      resumed.entries.map(({ seq }) => seq),
      [2, 3],
    );
    const [reset] = ada.of('reset');
    assert.deepEqual([reset?.reason, reset?.messages.length], ['epoch', 3]);
  });

  it('acknowledges nothing that was not stored, and goes on when the store answers', async () => {
    const store = new FaultyStore();
    const tabs = new DemoTabs(store);
    const ada = await tabs.member('Ada');
    store.isDown = true;
    ada.send('message', { text: 'x' }, 'cid-00000001');
    await tabs.clock.settle();

    assert.deepEqual(
      ada.of('nack').map(({ code, retry }) => [code, retry]),
      [['unavailable', true]],
    );
    assert.equal(ada.of('entries').length, 0);
    store.isDown = false;
    ada.send('message', { text: 'x' }, 'cid-00000001');
    await tabs.clock.settle();

    assert.equal(ada.of('ack')[0]?.seq, 1);
  });

  it('whose log is another one now ends its connections, which begin again', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    await say(tabs, ada, 1);
    const fresh = new MemoryStore();
    tabs.store.update = fresh.update.bind(fresh);

    ada.send('message', { text: 'x' });
    await tabs.clock.settle();

    assert.equal(ada.closedWith, 1001);
  });
});
