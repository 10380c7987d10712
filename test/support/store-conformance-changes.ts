/** What every store keeps of changes: stretches of them, reactions, views and their guards. */

import assert from 'node:assert/strict';
import { it } from 'node:test';

import type { Entry, Message, UserId } from 'mini-chat/protocol';

import type { Store, View } from '../../server/store.ts';
import {
  freshRoom,
  sampleEdit,
  sampleEntries,
  sampleEntry,
  sampleReaction,
  sampleUser,
} from './log-samples.ts';

/** Declares this part of the suite, inside the store's `describe`. */
export function changesConformance(store: () => Store): void {
  stretchesSuite(store);
  reactionsSuite(store);
  viewsSuite(store);
}

function stretchesSuite(store: () => Store): void {
  it('changes gives after < seq ≤ upTo, at most limit, and skips everything else', async () => {
    const room = freshRoom();
    await store().insert(room, [
      sampleEntry(1),
      sampleReaction(2, 1, '👍'),
      sampleEdit(3, 1),
      sampleEntry(4, { kind: 'notice', body: { text: 'a topic' } }),
      sampleEntry(5, { kind: 'pin', body: { target: 1, on: true } }),
      ...sampleEntries(6, 250),
    ]);
    await store().insert(room, [sampleEntry(251, { kind: 'delete', body: { target: 6 } })]);
    const seqs = async (after: number, upTo: number, limit: number): Promise<string> =>
      (await store().changes(room, { after, upTo, limit })).map(({ seq }) => seq).join();

    assert.equal(await seqs(0, 999, 100), '2,3,5,251');
    assert.equal(await seqs(0, 999, 2), '2,3');
    assert.equal(await seqs(2, 5, 100), '3,5');
    assert.equal(await seqs(5, 250, 100), '');
    assert.equal(await seqs(9, 3, 100), '');
    assert.deepEqual(await store().changes(room, { after: 2, upTo: 3, limit: 9 }), [
      sampleEdit(3, 1),
    ]);
  });

  it('lines are messages and notices, as they lie in the log', async () => {
    const room = freshRoom();
    const entries = [
      sampleEntry(1),
      sampleEdit(2, 1),
      sampleEntry(3, { kind: 'notice', body: { text: 'a topic' } }),
      sampleEntry(4),
    ];
    await store().insert(room, entries);

    const lines = await store().lines(room, { before: 9, limit: 9 });

    assert.deepEqual(lines, [entries[0], entries[2], entries[3]]);
    assert.deepEqual(await store().lines(room, { before: 4, limit: 1 }), [entries[2]]);
  });
}

function reactionsSuite(store: () => Store): void {
  it("reactionsOf tells the emoji that each user's newest reactions left on", async () => {
    const room = freshRoom();
    const bob = sampleUser('bob');
    await store().insert(room, [
      ...sampleEntries(1, 2),
      sampleReaction(3, 1, '👍'),
      sampleReaction(4, 1, '🎉'),
      sampleReaction(5, 2, '😂'),
      sampleReaction(6, 1, '👍', { on: false }),
      sampleReaction(7, 1, '😮', { user: bob }),
      sampleReaction(8, 1, '👍'),
    ]);
    const [ada, other] = ['ada' as UserId, 'bob' as UserId];
    const emojiOf = async (target: number, user: UserId, upTo: number): Promise<string> =>
      (await store().reactionsOf(room, [{ target, user }], upTo))
        .flatMap(({ emoji }) => [...emoji].sort())
        .join('');

    assert.equal(await emojiOf(1, ada, 99), ['🎉', '👍'].sort().join(''));
    assert.equal(await emojiOf(1, ada, 7), '🎉');
    assert.equal(await emojiOf(1, ada, 2), '');
    assert.equal(await emojiOf(2, ada, 99), '😂');
    assert.equal(await emojiOf(1, other, 99), '😮');
    assert.equal(await emojiOf(9, other, 99), '');
  });

  it('reactionsOf answers all that it is asked, in that order', async () => {
    const room = freshRoom();
    await store().insert(room, [sampleEntry(1), sampleReaction(2, 1, '👍')]);
    const [ada, bob] = ['ada' as UserId, 'bob' as UserId];
    const asked = [
      { target: 1, user: bob },
      { target: 1, user: ada },
      { target: 7, user: ada },
    ];

    assert.deepEqual(await store().reactionsOf(room, asked, 9), [
      { target: 1, user: bob, emoji: [] },
      { target: 1, user: ada, emoji: ['👍'] },
      { target: 7, user: ada, emoji: [] },
    ]);
    assert.deepEqual(await store().reactionsOf(room, [], 9), []);
  });

  it('emoji that look alike are apart', async () => {
    const room = freshRoom();
    const emoji = ['❤️', '❤', '👍', '👍🏽', '🇧🇷', '👩🏽‍🚀'];
    await store().insert(room, [
      sampleEntry(1),
      ...emoji.map((one, place) => sampleReaction(place + 2, 1, one)),
    ]);

    const [found] = await store().reactionsOf(room, [{ target: 1, user: 'ada' as UserId }], 99);

    assert.deepEqual([...(found?.emoji ?? [])].sort(), [...emoji].sort());
  });
}

function viewsSuite(store: () => Store): void {
  it('views of a stretch come back as they were saved, with how far they reach', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 20));
    const views = [3, 9, 15].map((seq) => viewOf(seq, 20, { edited: 7, pinned: true }));

    assert.deepEqual(await store().views(room, { from: 1, to: 99 }), { views: [], viewedTo: 0 });
    await store().saveViews(room, views, 20);

    const { viewedTo, views: found } = await store().views(room, { from: 3, to: 14 });
    assert.equal(viewedTo, 20);
    assert.deepEqual(bySeq(found), views.slice(0, 2));
    const other = await store().views(freshRoom(), { from: 1, to: 99 });
    assert.deepEqual(other, { views: [], viewedTo: 0 });
  });

  it('a view with all that a message can have comes back as it was', async () => {
    const room = freshRoom();
    const message = {
      ...sampleEntry(1, { body: { text: '"$ne" 👍 \u2028', replyTo: 1 } }),
      reactions: [{ emoji: '❤️', count: 2, users: [{ id: 'a.$b' as UserId, name: '' }] }],
    } as unknown as Message;
    await store().insert(room, [sampleEntry(1)]);

    await store().saveViews(room, [{ asOf: 4, message }], 4);

    const { views } = await store().views(room, { from: 1, to: 1 });
    assert.deepEqual(views, [{ asOf: 4, message }]);
  });

  it('a view never takes the place of a newer one, and viewedTo never falls', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 20));
    await store().saveViews(room, [viewOf(3, 12, { edited: 12 })], 12);

    await store().saveViews(room, [viewOf(3, 8, { edited: 8 }), viewOf(4, 8, { edited: 8 })], 8);

    const { views, viewedTo } = await store().views(room, { from: 1, to: 20 });
    assert.equal(viewedTo, 12);
    assert.deepEqual(bySeq(views), [viewOf(3, 12, { edited: 12 }), viewOf(4, 8, { edited: 8 })]);
    await store().saveViews(room, [viewOf(3, 15, { edited: 15 })], 15);
    const later = await store().views(room, { from: 3, to: 3 });
    assert.deepEqual(later, { views: [viewOf(3, 15, { edited: 15 })], viewedTo: 15 });
  });

  it('rivals that save views at once leave the newest of each', async () => {
    const room = freshRoom();
    await store().insert(room, sampleEntries(1, 30));

    await Promise.all(
      [12, 30, 5, 21].map((asOf) =>
        store().saveViews(room, [viewOf(1, asOf, { edited: asOf }), viewOf(2, asOf)], asOf),
      ),
    );

    const { views, viewedTo } = await store().views(room, { from: 1, to: 9 });
    assert.equal(viewedTo, 30);
    assert.deepEqual(bySeq(views), [viewOf(1, 30, { edited: 30 }), viewOf(2, 30)]);
  });

  it('five hundred views are saved at once, and saved again without harm', async () => {
    const room = freshRoom();
    for (const first of [1, 251]) {
      await store().insert(room, sampleEntries(first, first + 249));
    }
    const views = sampleEntries(1, 500).map(({ seq }) => viewOf(seq, 500));

    await store().saveViews(room, views, 500);
    await store().saveViews(room, views, 500);

    const { views: found } = await store().views(room, { from: 1, to: 500 });
    assert.deepEqual(bySeq(found), views);
  });
}

const viewOf = (seq: number, asOf: number, facts: Partial<Message> = {}): View => ({
  asOf,
  message: { ...(sampleEntry(seq) as Entry<'message'>), ...facts } as Message,
});

const bySeq = (views: readonly View[]): readonly View[] =>
  [...views].sort((a, b) => a.message.seq - b.message.seq);
