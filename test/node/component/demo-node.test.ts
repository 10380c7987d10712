import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SWEEP_MS } from '../../../component/demo/demo-node.ts';
import { type DemoStore, MemoryStore } from '../../../component/demo/demo-store.ts';
import { TYPING_MS } from '../../../component/protocol/limits.ts';
import { DemoMember, DemoTabs, lobby } from '../../support/demo-tabs.ts';

const names = (users: readonly { readonly name: string }[] = []): string =>
  users.map(({ name }) => name).join(' ');
const present = (member: DemoMember): string => names(member.of('presence').at(-1)?.users);
const writing = (member: DemoMember): string => names(member.of('typing').at(-1)?.users);
const texts = (member: DemoMember): unknown =>
  member
    .of('entries')
    .flatMap(({ entries }) => entries.map(({ body }) => 'text' in body && body.text));

const BURST = Array.from({ length: 200 }, (_, i) => `line ${i}`);

class CountedStore extends MemoryStore {
  updates = 0;
  isBroken = false;

  override async update(...given: Parameters<DemoStore['update']>): Promise<void> {
    this.updates += 1;
    if (this.isBroken) throw new Error('the disk is gone');
    await super.update(...given);
  }
}

describe('demo node', () => {
  it('shows two tabs what is said in each, in one order', async () => {
    const tabs = new DemoTabs();
    const [ada, ben] = [await tabs.member('Ada'), await tabs.member('Ben')];

    for (const text of ['a1', 'a2', 'a3']) ada.send('message', { text });
    for (const text of ['b1', 'b2', 'b3']) ben.send('message', { text });
    await tabs.clock.settle();

    assert.equal((texts(ada) as string[]).length, 6);
    assert.deepEqual(texts(ada), texts(ben));
    for (const member of [ada, ben]) {
      assert.equal(member.of('ack').length, 3);
      const seqs = member.of('entries').flatMap(({ entries }) => entries.map(({ seq }) => seq));
      assert.deepEqual(seqs, [1, 2, 3, 4, 5, 6]);
    }
  });

  it('goes on without a tab that was closed or crashed, whichever it is', async () => {
    const tabs = new DemoTabs();
    const one = tabs.open();
    const [ada, ben] = [await tabs.member('Ada', one), await tabs.member('Ben')];
    ada.send('message', { text: 'before' });
    await tabs.clock.settle();

    one.close();
    ben.send('message', { text: 'after' });
    await tabs.clock.settle();

    assert.equal(ada.closedWith, 1001);
    assert.equal(present(ben), 'Ben');
    assert.deepEqual(texts(ben), ['before', 'after']);
    const carl = await tabs.member('Carl');
    const [joined] = carl.of('joined');
    assert.ok(joined && 'messages' in joined && joined.messages.length === 2);
  });

  it('stores a draft once that another tab of the same guest sends again', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    const token = ada.of('welcome')[0]?.token;
    const again = new DemoMember(tabs.open());
    again.say({ op: 'hello', v: 1, client: '', token });
    again.say({ op: 'join', room: lobby });
    await tabs.clock.settle();

    ada.send('message', { text: 'x' }, 'cid-00000001');
    again.send('message', { text: 'x' }, 'cid-00000001');
    await tabs.clock.settle();

    assert.deepEqual(ada.of('ack')[0], again.of('ack')[0]);
    assert.deepEqual(texts(again), ['x']);
  });

  it('names who is there, across tabs, each once', async () => {
    const tabs = new DemoTabs();
    const ada = await tabs.member('Ada');
    assert.equal(present(ada), 'Ada');
    const ben = await tabs.member('Ben');
    assert.deepEqual([present(ada), present(ben)], ['Ada Ben', 'Ben Ada']);

    const token = ben.of('welcome')[0]?.token;
    ben.say({ op: 'token', token, name: 'Benno' });
    await tabs.clock.settle();
    assert.equal(present(ada), 'Ada Benno');

    ben.session.closed();
    await tabs.clock.settle();
    assert.equal(present(ada), 'Ada');
    assert.equal(ada.of('presence').length, 4, 'nothing is told twice');
  });

  it('forgets a tab that crashed, and finds one that was only frozen', async () => {
    const tabs = new DemoTabs();
    const other = tabs.open();
    const [ada] = [await tabs.member('Ada'), await tabs.member('Ben', other)];
    assert.equal(present(ada), 'Ada Ben');

    tabs.silent.add(other);
    await tabs.clock.advance(3 * SWEEP_MS);
    assert.equal(present(ada), 'Ada');
    tabs.silent.delete(other);
    await tabs.clock.advance(SWEEP_MS);

    assert.equal(present(ada), 'Ada Ben');
  });

  it('finds what was said while it heard nothing', async () => {
    const tabs = new DemoTabs();
    const frozen = tabs.open();
    const [ada, ben] = [await tabs.member('Ada', frozen), await tabs.member('Ben')];
    tabs.silent.add(frozen);
    ben.send('message', { text: 'x' });
    await tabs.clock.settle();
    assert.deepEqual(texts(ada), []);

    await tabs.clock.advance(SWEEP_MS);

    assert.deepEqual(texts(ada), ['x']);
  });

  it('takes a burst while every clock stands still, and only its writer asks the store', async () => {
    const store = new CountedStore();
    const tabs = new DemoTabs(store);
    const [ada, ben] = [await tabs.member('Ada'), await tabs.member('Ben')];
    const before = store.updates;

    for (const text of BURST) ada.send('message', { text });
    await tabs.clock.settle();

    assert.equal(ada.of('ack').length, BURST.length);
    assert.deepEqual(texts(ben), BURST);
    assert.equal(store.updates, before + BURST.length);
  });

  it('looks once for all that it was told while something is missing', async () => {
    const store = new CountedStore();
    const tabs = new DemoTabs(store);
    const frozen = tabs.open();
    const [ada, ben] = [await tabs.member('Ada', frozen), await tabs.member('Ben')];
    tabs.silent.add(frozen);
    for (const text of BURST) ben.send('message', { text });
    await tabs.clock.settle();
    const { epoch } = ada.of('joined')[0]!;
    const before = store.updates;

    const all = ben.of('entries').flatMap(({ entries }) => entries);
    for (const entry of all.slice(1)) frozen.hear({ about: 'added', room: lobby, epoch, entry });
    await tabs.clock.settle();

    assert.deepEqual(texts(ada), BURST);
    assert.equal(store.updates, before + 1);
  });

  it('looks again after the store did not answer', async () => {
    const store = new CountedStore();
    const tabs = new DemoTabs(store);
    const frozen = tabs.open();
    const [ada, ben] = [await tabs.member('Ada', frozen), await tabs.member('Ben')];
    tabs.silent.add(frozen);
    ben.send('message', { text: 'missed' });
    await tabs.clock.settle();
    tabs.silent.delete(frozen);

    store.isBroken = true;
    await tabs.clock.advance(SWEEP_MS);
    assert.deepEqual(texts(ada), []);
    store.isBroken = false;
    ben.send('message', { text: 'heard' });
    await tabs.clock.settle();

    assert.deepEqual(texts(ada), ['missed', 'heard']);
  });

  it('says who writes, until they stop, send, or say no more of it', async () => {
    const tabs = new DemoTabs();
    const [ada, ben] = [await tabs.member('Ada'), await tabs.member('Ben')];
    const type = async (on: boolean): Promise<void> => {
      ben.say({ op: 'typing', room: lobby, on });
      await tabs.clock.settle();
    };

    await type(true);
    assert.deepEqual([writing(ada), writing(ben)], ['Ben', 'Ben']);
    await type(false);
    assert.equal(writing(ada), '');
    await type(true);
    ben.send('message', { text: 'x' });
    await tabs.clock.settle();
    assert.equal(writing(ada), '');
    await type(true);
    await tabs.clock.advance(TYPING_MS - 1);
    await type(true);
    await tabs.clock.advance(TYPING_MS - 1);
    assert.equal(writing(ada), 'Ben');
    await tabs.clock.advance(1);
    assert.equal(writing(ada), '');
    assert.equal(ada.of('typing').length, 6);
  });

  it('keeps how far a guest has read, and tells the other tabs of that guest', async () => {
    const tabs = new DemoTabs();
    const [ada, ben] = [await tabs.member('Ada'), await tabs.member('Ben')];
    const token = ada.of('welcome')[0]?.token;
    const again = new DemoMember(tabs.open());
    again.say({ op: 'hello', v: 1, client: '', token });
    again.say({ op: 'join', room: lobby });
    ben.send('message', { text: 'x' });
    await tabs.clock.settle();

    ada.say({ op: 'read', room: lobby, seq: 99 });
    await tabs.clock.settle();

    assert.deepEqual(again.of('read'), [{ op: 'read', room: lobby, seq: 1 }]);
    assert.deepEqual([ada.of('read'), ben.of('read')], [[], []]);
    again.say({ op: 'join', room: lobby });
    await tabs.clock.settle();
    assert.equal(again.of('joined').at(-1)?.read, 1);
  });

  it('ends with its last connection, with no timer left', async () => {
    const tabs = new DemoTabs();
    const node = tabs.open();
    const [ada, ben] = [await tabs.member('Ada', node), await tabs.member('Ben', node)];
    ada.say({ op: 'typing', room: lobby, on: true });
    await tabs.clock.settle();

    ada.session.closed();
    assert.ok(tabs.nodes.has(node));
    ben.session.closed();

    assert.equal(tabs.nodes.size, 0);
    assert.equal(tabs.clock.timers, 0);
  });
});
