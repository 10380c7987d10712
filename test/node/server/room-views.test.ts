import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import {
  asRead,
  type Change,
  type Entry,
  fold,
  type Line,
  type Message,
  type Seq,
} from 'mini-chat/protocol';

import { RoomViews, UNVIEWED_MAX } from '../../../server/room-views.ts';
import { isChange, isLine } from '../../../server/store-entry.ts';
import { openMemoryStore } from '../../../server/store-memory.ts';
import type { LogFacts, RoomKey, Store } from '../../../server/store.ts';
import { methodsOf } from '../../support/gated-store.ts';
import { freshRoom, sampleEntry, sampleUser } from '../../support/log-samples.ts';

interface Opened {
  readonly views: RoomViews;
  readonly store: Store;
  readonly room: RoomKey;
  /** Names of the calls that the store was asked since the last look. */
  calls(): readonly string[];
}

/** Views of a store with these entries, as of a head that only `sync` moves. */
async function openViews(entries: readonly Entry[], head = entries.length): Promise<Opened> {
  const room = freshRoom();
  const store = methodsOf(openMemoryStore());
  for (let at = 0; at < entries.length; at += 256) {
    await store.insert(room, entries.slice(at, at + 256));
  }
  const asked: string[] = [];
  for (const name of ['lines', 'views', 'changes', 'read', 'saveViews', 'scrub'] as const) {
    const call = store[name] as (...args: unknown[]) => Promise<unknown>;
    Object.assign(store, { [name]: (...args: unknown[]) => (asked.push(name), call(...args)) });
  }
  let facts: LogFacts = { ...(await store.facts(room)), head };
  const sync = async (): Promise<void> => void (facts = await store.facts(room));
  const ask = <T>(work: Promise<T>): Promise<T> => work;
  const views = new RoomViews({ store, room, ask, facts: () => facts, sync });
  return { views, store, room, calls: () => asked.splice(0) };
}

const react = (seq: Seq, target: Seq, user: string, on = true): Entry =>
  sampleEntry(seq, { kind: 'react', user: sampleUser(user), body: { target, emoji: '👍', on } });

/** Three messages and then so many likes, one user each, of the second and the third in turn. */
const liked = (count: number): readonly Entry[] => [
  ...[1, 2, 3].map((seq) => sampleEntry(seq)),
  ...Array.from({ length: count }, (_, n) => react(4 + n, 2 + (n % 2), `u${n}`)),
];

/** The same, without any view: all changes folded one by one. */
function plainly(entries: readonly Entry[], head: Seq): readonly Line[] {
  const lines = new Map<Seq, Line>();
  for (const entry of entries.filter(({ seq }) => seq <= head)) {
    if (isLine(entry)) lines.set(entry.seq, asRead(entry));
    if (!isChange(entry)) continue;
    const target = lines.get(entry.body.target);
    if (target?.kind === 'message') lines.set(target.seq, fold(target, entry as Change));
  }
  return [...lines.values()];
}

const all = { before: 1e9, limit: 100 };

describe('RoomViews › pages', () => {
  it('show lines with what later entries did to them, notices among them', async () => {
    const entries = [
      ...liked(3),
      sampleEntry(7, { kind: 'notice', body: { text: 'n' } }),
      sampleEntry(8, { kind: 'edit', body: { target: 1, text: 'new' } }),
      sampleEntry(9, { kind: 'pin', body: { target: 2, on: true } }),
      sampleEntry(10, { kind: 'delete', body: { target: 3 } }),
    ];
    const { views } = await openViews(entries);

    const { messages, facts } = await views.page(all);

    assert.deepEqual(messages, plainly(entries, 10));
    assert.equal(facts.head, 10);
    assert.deepEqual((await views.page({ before: 3, limit: 1 })).messages, messages.slice(1, 2));
  });

  it('show nothing that is above the released head', async () => {
    const entries = liked(6);
    const { views } = await openViews(entries, 5);

    const { messages, facts } = await views.page(all);

    assert.deepEqual(messages, plainly(entries, 5));
    assert.equal(facts.head, 5);
  });

  it('cost three reads, however many changes there are', async () => {
    const { views, calls } = await openViews(liked(3 * UNVIEWED_MAX));
    await views.page(all);
    await views.close();
    calls();

    await views.page(all);

    assert.deepEqual([...calls()].sort(), ['changes', 'lines', 'views']);
  });

  it('are the same from kept views, from some of them, and from none', async () => {
    const entries = liked(2600);
    const { views, store, room } = await openViews(entries);

    const first = await views.page(all);
    const { viewedTo, views: kept } = await store.views(room, { from: 1, to: 9 });
    const second = await views.page(all);

    assert.deepEqual(first.messages, plainly(entries, entries.length));
    assert.deepEqual(second.messages, first.messages);
    assert.equal(viewedTo, entries.length);
    assert.deepEqual(
      kept.map(({ message: { seq, reactions } }) => [seq, reactions?.[0]?.count]),
      [
        [2, 1300],
        [3, 1300],
      ],
    );
  });

  it('learn the head of views that another node has kept beyond it', async () => {
    const entries = liked(1500);
    const { views, store, room } = await openViews(entries, 700);
    const message = plainly(entries, 1400)[1] as Message;
    await store.saveViews(room, [{ asOf: 1400, message }], 1400);

    const { messages, facts } = await views.page({ before: 3, limit: 1 });

    assert.equal(facts.head, entries.length);
    assert.deepEqual(messages, plainly(entries, entries.length).slice(1, 2));
  });
});

describe('RoomViews › keeping', () => {
  it('begins by itself once this node wrote enough changes', async () => {
    const entries = liked(UNVIEWED_MAX);
    const { views, store, room } = await openViews(entries);

    views.wrote(UNVIEWED_MAX - 1, entries.length);
    await views.close();
    assert.equal((await store.views(room, { from: 0, to: 0 })).viewedTo, 0);
    views.wrote(1, entries.length);
    await views.close();

    assert.equal((await store.views(room, { from: 0, to: 0 })).viewedTo, entries.length);
  });

  it('scrubs what was deleted before it keeps anything beyond that', async () => {
    const entries = [...liked(600), sampleEntry(604, { kind: 'delete', body: { target: 2 } })];
    const { views, store, room, calls } = await openViews(entries);

    views.wrote(601, entries.length);
    await views.close();

    const order = calls();
    assert.ok(order.indexOf('scrub') < order.indexOf('saveViews'));
    const kept = await store.views(room, { from: 1, to: 9 });
    assert.deepEqual(
      kept.views.map(({ message }) => message.seq),
      [3],
    );
    assert.deepEqual((await views.page(all)).messages, plainly(entries, entries.length));
  });

  it('reads targets that lie near each other together, and far ones apart', async () => {
    const lines = Array.from({ length: 1000 }, (_, n) => sampleEntry(n + 1));
    const targets = [1, 50, 100, 101, 900];
    const entries = [...lines, ...targets.map((target, n) => react(1001 + n, target, 'bob'))];
    const { views, calls } = await openViews(entries);

    const known = await views.known(new Set(targets), [], entries.length);

    assert.deepEqual(
      [...(known?.messages.keys() ?? [])].sort((a, b) => a - b),
      targets,
    );
    assert.equal(calls().filter((call) => call === 'read').length, 3);
    assert.equal(known?.messages.get(900)?.reactions?.[0]?.count, 1);
  });
});
