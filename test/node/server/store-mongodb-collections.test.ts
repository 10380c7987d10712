import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';

import { MongoClient } from 'mongodb';
import type { UserId } from 'mini-chat/protocol';

import { openMongoStore } from '../../../server/store-mongodb.ts';
import {
  draftKeyOf,
  freshName,
  freshRoom,
  sampleEdit,
  sampleEntries,
  sampleReaction,
} from '../../support/log-samples.ts';
import { startMongo } from '../../support/mongo.ts';
import { openMongoProxy } from '../../support/mongo-proxy.ts';

const mongo = await startMongo();
after(() => mongo.close());

describe('MongoDB indexes', () => {
  it('every look of the store is a stretch of one index', async (t) => {
    const proxy = await openMongoProxy(mongo.url);
    t.after(() => proxy.close());
    const [data, room] = [freshName(), freshRoom()];
    const store = await openMongoStore({ url: proxy.urlOf(data) });
    t.after(() => store.close());
    const client = new MongoClient(mongo.url);
    t.after(() => client.close());
    await store.insert(room, [
      ...sampleEntries(1, 30),
      sampleReaction(31, 1, '👍'),
      sampleEdit(32, 1),
    ]);
    const from = proxy.commands.length;

    await store.facts(room);
    await store.read(room, { after: 3, upTo: 9, limit: 9 });
    await store.find(room, [draftKeyOf('ada', 'cid-1')]);
    await store.lines(room, { before: 20, limit: 5 });
    await store.changes(room, { after: 3, upTo: 50, limit: 5 });
    await store.reactionsOf(room, [{ target: 1, user: 'ada' as UserId }], 99);
    await store.views(room, { from: 1, to: 9 });
    await store.unscrubbed();
    await store.firstSince(room, 1005);
    await store.rooms({ after: '', limit: 2 });
    await store.readMark(room, 'ada' as UserId);

    const looks = proxy.commands.slice(from).filter(({ name }) => name === 'find');
    assert.ok(looks.length >= 20);
    for (const { fields } of looks) {
      const { find, filter, sort, limit } = fields;
      const asked = { find, filter, ...(sort && { sort }), ...(limit && { limit }) };
      const { queryPlanner } = await client.db(data).command({ explain: asked });
      const stages = stagesOf(queryPlanner.winningPlan);
      const isByIndex = stages.some((stage) => /^(IXSCAN|IDHACK|EXPRESS_IXSCAN)$/.test(stage));
      const words = `${JSON.stringify(asked)}: ${stages.join(' ')}`;
      assert.ok(isByIndex && !stages.includes('COLLSCAN'), words);
    }
  });

  it('a message costs nothing in the indexes of changes', async (t) => {
    const data = freshName();
    const store = await openMongoStore({ url: new URL(`/${data}`, mongo.url).href });
    t.after(() => store.close());
    const client = new MongoClient(mongo.url);
    t.after(() => client.close());
    await store.insert(freshRoom(), sampleEntries(1, 3));

    const entries = client.db(data).collection('mini_chat_entries');
    const indexes = await entries.indexes();

    const sparse = indexes.filter((one) => one.sparse).map((one) => Object.keys(one.key).join());
    assert.deepEqual(sparse.sort(), ['about', 'unscrubbed']);
    for (const document of await entries.find().toArray()) {
      assert.ok(!('about' in document) && !('unscrubbed' in document));
    }
  });
});

interface Stage {
  readonly stage?: string;
  readonly inputStage?: Stage;
  readonly inputStages?: readonly Stage[];
  readonly queryPlan?: Stage;
}

function stagesOf({ stage, inputStage, inputStages = [], queryPlan }: Stage): readonly string[] {
  const inner = [inputStage, queryPlan, ...inputStages].flatMap((one) =>
    one ? stagesOf(one) : [],
  );
  return [...(stage === undefined ? [] : [stage]), ...inner];
}
