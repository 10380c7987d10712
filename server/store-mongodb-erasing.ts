/**
 * What the MongoDB store keeps of views, and how it forgets. Several servers do this at once and
 * may stop half-way, without transactions: what has to be remembered is written first, what says
 * that all is done comes last, and everything may be done again.
 */

import type { ClientSession, Collection, Filter, UpdateFilter } from 'mongodb';
import type { Seq } from 'mini-chat/protocol';
import { UNSCRUBBED_MAX } from './store-entry.ts';
import { aboutKey } from './store-mongodb-document.ts';
import type { Collections, RoomDocument, ViewDocument } from './store-mongodb-collections.ts';
import type { RoomKey, View, Views } from './store.ts';

/** Entries that one command deletes: it must answer within what a connection may be silent. */
const TRIM_STEP = 1000;

/** Higher than any seq: a view of it is never replaced. */
const FOR_EVER = Number.MAX_SAFE_INTEGER;

/** MongoDB's own number for "another document has this key". */
const DUPLICATE_KEY = 11_000;

/** How far they reach first: read afterwards, it might promise more than the views hold. */
export async function readViews(
  { rooms, views }: Collections,
  room: RoomKey,
  { from, to, session }: { readonly from: Seq; readonly to: Seq; session: ClientSession },
): Promise<Views> {
  const facts = await rooms.findOne({ _id: room }, { session });
  const sort = { seq: 1 } as const;
  const filter = { room, seq: { $gte: from, $lte: to } };
  const found = await views.find(filter, { session, sort }).toArray();
  return {
    views: found.flatMap(({ asOf, message }) => (message === undefined ? [] : { asOf, message })),
    viewedTo: facts?.viewedTo ?? 0,
  };
}

/** Views first, and how far they reach when a majority has them. */
export async function saveViews(
  collections: Collections,
  room: RoomKey,
  { views, upTo, session }: { readonly views: readonly View[]; upTo: Seq; session: ClientSession },
): Promise<void> {
  const operations = views.map((view) => keepNewer(room, view));
  if (operations.length > 0) {
    await twice(() => collections.views.bulkWrite(operations, { ordered: false, session }));
  }
  // Trimmed since they were made: their text must not stay.
  const { floor = 1 } = (await collections.rooms.findOne({ _id: room }, { session })) ?? {};
  if (views.some(({ message }) => message.seq < floor)) {
    await collections.views.deleteMany({ room, seq: { $lt: floor } }, { session });
  }
  await raise(collections.rooms, room, { $max: { viewedTo: upTo } }, session);
}

/** Decided by the database, document by document; found by the place alone, which is indexed. */
function keepNewer(
  room: RoomKey,
  { asOf, message }: View,
): Parameters<Collection<ViewDocument>['bulkWrite']>[0][number] {
  const isNewer = { $gte: [asOf, { $ifNull: ['$asOf', 0] }] };
  const fields = {
    message: { $cond: [isNewer, { $literal: message }, '$message'] },
    asOf: { $max: [asOf, '$asOf'] },
  };
  const filter = { room, seq: message.seq };
  return { updateOne: { filter, update: [{ $set: fields }], upsert: true } };
}

/** The mark on the deletion goes last: a crash before that leaves it to `unscrubbed`. */
export async function scrub(
  { entries, views }: Collections,
  room: RoomKey,
  { target, session }: { readonly target: Seq; session: ClientSession },
): Promise<void> {
  const empty = { $set: { 'body.text': '' } };
  const own = { room, seq: target, kind: 'message' } as const;
  const { matchedCount } = await entries.updateOne(own, empty, { session });
  await entries.updateMany({ about: aboutKey(room, target, 'edit') }, empty, { session });
  if (matchedCount > 0) await barViews(views, { room, seq: target }, session);
  const done = { $unset: { unscrubbed: '' } } as const;
  await entries.updateMany({ unscrubbed: aboutKey(room, target) }, done, { session });
}

/** Drops the view of a message, and keeps every later one out. */
async function barViews(
  views: Collection<ViewDocument>,
  place: Filter<ViewDocument>,
  session: ClientSession,
): Promise<void> {
  const bar = { $set: { asOf: FOR_EVER }, $unset: { message: '' } } as const;
  await twice(() => views.updateOne(place, bar, { upsert: true, session }));
}

/** Deletions that still have their mark. */
export async function unscrubbed(
  { entries }: Collections,
  session: ClientSession,
): Promise<readonly { readonly room: RoomKey; readonly target: Seq }[]> {
  const filter = { unscrubbed: { $gt: '' } };
  const found = await entries.find(filter, { session, limit: UNSCRUBBED_MAX }).toArray();
  // A deletion's body has a target.
  return found.map(({ room, body }) => ({ room, target: (body as { target: Seq }).target }));
}

/** The floor first: from then on nobody reads what goes, whatever of it is still there. */
export async function trim(
  { entries, rooms, views }: Collections,
  room: RoomKey,
  { floor, session }: { readonly floor: Seq; session: ClientSession },
): Promise<void> {
  await raise(rooms, room, { $max: { floor } }, session);
  const [lowest] = await entries.find({ room }, { session, sort: { seq: 1 }, limit: 1 }).toArray();
  const first = lowest?.seq ?? floor;
  for (let start = first; start < floor; start += TRIM_STEP) {
    const seq = { $gte: start, $lt: Math.min(floor, start + TRIM_STEP) };
    await entries.deleteMany({ room, seq }, { session });
  }
  await views.deleteMany({ room, seq: { $lt: floor } }, { session });
}

async function raise(
  rooms: Collection<RoomDocument>,
  _id: RoomKey,
  change: UpdateFilter<RoomDocument>,
  session: ClientSession,
): Promise<void> {
  await twice(() => rooms.updateOne({ _id }, change, { upsert: true, session }));
}

/** Upserts of one key at once may clash; the second time the document is there. */
export async function twice(upsert: () => Promise<unknown>): Promise<void> {
  try {
    await upsert();
  } catch (error) {
    const isClash = error instanceof Error && 'code' in error && error.code === DUPLICATE_KEY;
    if (!isClash) throw error;
    await upsert();
  }
}
