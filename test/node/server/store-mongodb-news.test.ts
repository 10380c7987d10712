import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { MongoNews, type NewsDocument } from '../../../server/store-mongodb-news.ts';
import { NEWS_LENGTH_MAX } from '../../../server/store.ts';

type NewsCollection = ConstructorParameters<typeof MongoNews>[0];

interface Write {
  readonly filter: { readonly _id: string };
  readonly update: unknown;
  readonly options: unknown;
  readonly done: PromiseWithResolvers<void>;
}

/** A collection that keeps what it is asked to write, and holds what a test puts in it. */
class FakeCollection {
  readonly writes: Write[] = [];
  documents: readonly NewsDocument[] = [];

  get collection(): NewsCollection {
    const updateOne = (filter: Write['filter'], update: unknown, options: unknown): unknown => {
      const done = Promise.withResolvers<void>();
      this.writes.push({ filter, update, options, done });
      return done.promise;
    };
    const find = ({ at }: { at: { $gte: Date } }): unknown => ({
      toArray: async () => this.documents.filter((one) => one.at >= at.$gte),
    });
    return { updateOne, find } as unknown as NewsCollection;
  }

  tell(_id: string, at: number, node = 'another'): void {
    this.documents = [...this.documents, { _id, node, news: _id, at: new Date(at) }];
  }
}

describe('MongoNews', () => {
  it("writes with the database's time, and waits for one member only", () => {
    const fake = new FakeCollection();
    const news = new MongoNews(fake.collection);

    news.tell('hello');

    const [{ update, options }] = fake.writes as [Write];
    assert.deepEqual(update, {
      $set: { node: news.node, news: 'hello' },
      $currentDate: { at: true },
    });
    assert.deepEqual(options, { upsert: true, writeConcern: { w: 1 } });
  });

  it('lets go of what fails, and of what comes while too much is under way', async () => {
    const fake = new FakeCollection();
    const news = new MongoNews(fake.collection);

    for (let n = 0; n < 150; n++) news.tell(`news ${n}`);
    assert.equal(fake.writes.length, 100);
    for (const { done } of fake.writes) done.reject(new Error('unreachable'));
    await news.settled();
    news.tell('after that');

    assert.equal(fake.writes.length, 101);
    assert.equal(new Set(fake.writes.map(({ filter }) => filter._id)).size, 101);
  });

  it('refuses news longer than others will take', () => {
    const news = new MongoNews(new FakeCollection().collection);

    news.tell('x'.repeat(NEWS_LENGTH_MAX));
    assert.throws(() => news.tell('x'.repeat(NEWS_LENGTH_MAX + 1)), RangeError);
  });

  it('looks give each piece once, also what became visible late, and none of its own', async () => {
    const fake = new FakeCollection();
    const news = new MongoNews(fake.collection);
    fake.tell('before the first look', 5000);
    assert.deepEqual(await news.look(), []);

    fake.tell('a', 6000);
    fake.tell('own', 6000, news.node);
    assert.deepEqual(await news.look(), ['a']);
    assert.deepEqual(await news.look(), []);
    fake.tell('b, a little older', 5500);
    fake.tell('c', 7000);

    assert.deepEqual(await news.look(), ['b, a little older', 'c']);
    assert.deepEqual(await news.look(), []);
  });

  it('a look at an empty collection takes what comes after it', async () => {
    const fake = new FakeCollection();
    const news = new MongoNews(fake.collection);
    await news.look();

    fake.tell('a', 5000);

    assert.deepEqual(await news.look(), ['a']);
  });
});
