/** What both kinds of the store behind `server="demo:"` are held to, here and in browsers. */

import { ENTRIES_MAX } from '../../component/demo/demo-log.ts';
import { type DemoStore, type News, ROOMS_MAX } from '../../component/demo/demo-store.ts';
import type { Entry, Epoch, RoomId, Seq, UserId } from '../../component/protocol/ops.ts';

const ada = 'ada' as UserId;
const nothing = { epoch: undefined, head: 0 };

/** One that nobody has been in: browsers keep what earlier tests stored. */
const roomOf = (name: string): RoomId => `${name}-${Math.random().toString(36).slice(2)}` as RoomId;

function entryAt(seq: number, text = `line ${seq}`): Entry {
  return { seq, id: `id-${seq}`, kind: 'message', body: { text }, cid: `cid-${seq}` } as Entry;
}

/** What is in a room beyond what is known. */
async function newsOf(store: DemoStore, room: RoomId, head: Seq = 0): Promise<News> {
  let found: News | undefined;
  const known = head === 0 ? nothing : { epoch: 'epoch' as Epoch, head };
  await store.update(room, 'epoch' as Epoch, known, (news) => {
    found = news;
    return undefined;
  });
  if (!found) throw new Error('it was not read');
  return found;
}

async function add(store: DemoStore, room: RoomId, entry: Entry): Promise<void> {
  const known = { epoch: 'epoch' as Epoch, head: entry.seq - 1 };
  await store.update(room, 'epoch' as Epoch, known, () => ({ entry, scrubbed: [] }));
}

const seqs = ({ entries }: News): string => entries.map(({ seq }) => seq).join(' ');

/** Each in rooms of its own. Returns two lists that must be equal. */
export const cases: Readonly<
  Record<string, (store: DemoStore) => Promise<readonly [found: unknown, wanted: unknown]>>
> = {
  'gives what was added, after what is known': async (store) => {
    const room = roomOf('added');
    for (const seq of [1, 2, 3]) await add(store, room, entryAt(seq));
    const other = { epoch: 'other' as Epoch, head: 2 };
    const found = [await newsOf(store, room), await newsOf(store, room, 2)].map(seqs);
    await store.update(room, 'epoch' as Epoch, other, (news) => {
      found.push(`${news.epoch} ${seqs(news)}`);
      return undefined;
    });
    return [found, ['1 2 3', '3', 'epoch 1 2 3']];
  },
  'lets a decision see what others have just added': async (store) => {
    const room = roomOf('decided');
    const seen: string[] = [];
    const decide = (news: News): { entry: Entry; scrubbed: [] } => {
      seen.push(seqs(news));
      return { entry: entryAt(news.entries.length + 1), scrubbed: [] };
    };
    const all = [1, 2, 3].map(() => store.update(room, 'epoch' as Epoch, nothing, decide));
    await Promise.all(all);
    return [
      [seen, seqs(await newsOf(store, room))],
      [['', '1', '1 2'], '1 2 3'],
    ];
  },
  'writes a scrubbed entry over what was there': async (store) => {
    const room = roomOf('scrubbed');
    await add(store, room, entryAt(1, 'secret'));
    await store.update(room, 'epoch' as Epoch, { epoch: 'epoch' as Epoch, head: 1 }, () => ({
      entry: entryAt(2),
      scrubbed: [entryAt(1, '')],
    }));
    const { entries } = await newsOf(store, room);
    return [entries, [entryAt(1, ''), entryAt(2)]];
  },
  'keeps the newest entries of a room': async (store) => {
    const room = roomOf('long');
    for (let seq = 1; seq <= ENTRIES_MAX + 2; seq += 1) await add(store, room, entryAt(seq));
    const { entries } = await newsOf(store, room);
    return [
      [entries.length, entries[0]?.seq],
      [ENTRIES_MAX, 3],
    ];
  },
  'forgets the room that was written to longest ago': async (store) => {
    const rooms = Array.from({ length: ROOMS_MAX + 1 }, (_, i) => roomOf(`room-${i}`));
    for (const room of rooms) await add(store, room, entryAt(1));
    const [first, second] = [rooms[0] ?? roomOf(''), rooms[2] ?? roomOf('')];
    return [
      [seqs(await newsOf(store, second)), seqs(await newsOf(store, first))],
      ['1', ''],
    ];
  },
  'keeps the highest mark of each user in each room': async (store) => {
    const [one, other] = [roomOf('one'), roomOf('other')];
    for (const seq of [2, 5, 3]) await store.markRead(one, ada, seq);
    const found = [store.readMark(one, ada), store.readMark(other, ada)];
    return [await Promise.all(found), [5, 0]];
  },
  'takes nothing when the decision fails': async (store) => {
    const room = roomOf('failed');
    await add(store, room, entryAt(1));
    const failing = store.update(room, 'epoch' as Epoch, nothing, () => {
      throw new Error('no');
    });
    const words = await failing.then(
      () => 'done',
      (error: unknown) => String(error),
    );
    return [
      [words, seqs(await newsOf(store, room))],
      ['Error: no', '1'],
    ];
  },
};
