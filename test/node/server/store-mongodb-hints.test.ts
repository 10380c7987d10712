import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { documentOf } from '../../../server/store-mongodb-document.ts';
import { pollingHints, streamHints } from '../../../server/store-mongodb-hints.ts';
import { MongoNews } from '../../../server/store-mongodb-news.ts';
import { roomKey, sampleEntry } from '../../support/log-samples.ts';

/** Of the driver that the server has; the tests' own may be another version. */
type EntryCollection = Parameters<typeof streamHints>[0];
type NewsCollection = ConstructorParameters<typeof MongoNews>[0];

const ROOM = roomKey('a');

/** Change streams as the driver gives them; a test says what the newest one yields. */
class FakeStreams {
  readonly opened: FakeStream[] = [];
  readonly #waiting: (() => void)[] = [];

  get collection(): EntryCollection & NewsCollection {
    const watch = (pipeline: unknown): FakeStream => {
      assert.deepEqual(pipeline, [{ $match: { operationType: 'insert' } }]);
      const stream = new FakeStream();
      this.opened.push(stream);
      for (const look of this.#waiting) look();
      return stream;
    };
    return { watch } as unknown as EntryCollection & NewsCollection;
  }

  /** The stream opened as number n, as soon as it is. */
  async stream(n: number): Promise<FakeStream> {
    await until(
      (look) => this.#waiting.push(look),
      () => this.opened.length >= n,
    );
    return this.opened[n - 1]!;
  }
}

class FakeStream {
  /** What the server answers when the stream is opened. */
  readonly first = Promise.withResolvers<unknown>();
  #next = Promise.withResolvers<unknown>();
  isClosed = false;

  tryNext(): Promise<unknown> {
    return this.first.promise;
  }

  next(): Promise<unknown> {
    return this.#next.promise;
  }

  tell(seq: number): void {
    this.tellDocument(documentOf(ROOM, sampleEntry(seq)));
  }

  tellDocument(fullDocument: unknown): void {
    const told = this.#next;
    this.#next = Promise.withResolvers();
    told.resolve({ fullDocument });
  }

  fail(): void {
    this.#next.reject(new Error('not resumable'));
    this.first.reject(new Error('not resumable'));
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.fail();
    // As with the driver: whoever waited for the next change is told.
    await this.#next.promise.catch(() => {});
    await this.first.promise.catch(() => {});
  }
}

interface Heard {
  readonly said: readonly string[];
  readonly heard: (count: number) => Promise<void>;
  readonly listener: Parameters<ReturnType<typeof pollingHints>['watch']>[0];
}

function listen(): Heard {
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const add = (words: string): void => {
    said.push(words);
    for (const look of waiting) look();
  };
  return {
    said,
    heard: (count) =>
      until(
        (look) => waiting.push(look),
        () => said.length >= count,
      ),
    listener: {
      entry: (room, { seq }) => add(`${room} ${seq}`),
      repair: () => add('repair'),
      news: (news) => add(`news ${news}`),
    },
  };
}

function until(subscribe: (look: () => void) => unknown, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (holds()) resolve();
    };
    subscribe(look);
    look();
  });
}

/** News that nobody tells, for tests of entries. */
const quietNews = (): MongoNews => new MongoNews(new FakeStreams().collection);

describe('change stream hints', () => {
  it('ask for a repair once the server has the stream, then tell what comes', async () => {
    const streams = new FakeStreams();
    const hints = streamHints(streams.collection, quietNews());
    const { said, heard, listener } = listen();
    hints.watch(listener);
    const stream = await streams.stream(1);
    assert.deepEqual(said, []);

    stream.first.resolve(null);
    await heard(1);
    stream.tell(1);
    await heard(2);
    stream.tell(2);
    await heard(3);

    assert.deepEqual(said, ['repair', 'test/a 1', 'test/a 2']);
    await hints.close();
  });

  it('an end that cannot be resumed is followed by a new stream and a repair', async () => {
    const streams = new FakeStreams();
    const hints = streamHints(streams.collection, quietNews());
    const { said, heard, listener } = listen();
    hints.watch(listener);
    const first = await streams.stream(1);
    first.first.resolve({ fullDocument: documentOf(ROOM, sampleEntry(7)) });
    await heard(2);

    first.fail();
    const second = await streams.stream(2);
    second.first.resolve(null);
    await heard(3);
    second.tell(9);
    await heard(4);

    assert.deepEqual(said, ['repair', 'test/a 7', 'repair', 'test/a 9']);
    assert.ok(first.isClosed);
    await hints.close();
  });

  it('a stream that cannot be opened is tried again', async () => {
    const streams = new FakeStreams();
    const hints = streamHints(streams.collection, quietNews());
    const { said, heard, listener } = listen();
    hints.watch(listener);
    (await streams.stream(1)).fail();

    (await streams.stream(2)).first.resolve(null);
    await heard(1);

    assert.deepEqual(said, ['repair']);
    await hints.close();
  });

  it('close and stop end the stream, and nothing is opened after that', async () => {
    const streams = new FakeStreams();
    const hints = streamHints(streams.collection, quietNews());
    const stop = hints.watch(listen().listener);
    const stream = await streams.stream(1);
    stream.first.resolve(null);

    stop();
    await hints.close();

    assert.ok(stream.isClosed);
    assert.equal(streams.opened.length, 1);
  });
});

describe('change stream hints of news', () => {
  it("give what other nodes tell, and not this node's own", async () => {
    const streams = new FakeStreams();
    const news = new MongoNews(streams.collection);
    const hints = streamHints(new FakeStreams().collection, news);
    const { said, heard, listener } = listen();
    hints.watch(listener);
    const stream = await streams.stream(1);
    stream.first.resolve({ fullDocument: { node: 'another', news: 'first' } });
    await heard(1);

    stream.tellDocument({ node: news.node, news: 'own' });
    await new Promise((resolve) => setImmediate(resolve));
    stream.tellDocument({ node: 'another', news: 'second' });
    await heard(2);

    assert.deepEqual(said, ['news first', 'news second']);
    await hints.close();
  });

  it('go on in a new stream, and ask for no repair', async () => {
    const streams = new FakeStreams();
    const hints = streamHints(new FakeStreams().collection, new MongoNews(streams.collection));
    const { said, heard, listener } = listen();
    hints.watch(listener);
    (await streams.stream(1)).fail();
    const second = await streams.stream(2);
    second.first.resolve(null);

    await new Promise((resolve) => setImmediate(resolve));
    second.tellDocument({ node: 'another', news: 'later' });
    await heard(1);

    assert.deepEqual(said, ['news later']);
    await hints.close();
  });
});

describe('polling hints', () => {
  it('ask for a repair again and again until they are stopped', async () => {
    const hints = pollingHints(unreachableNews(), 1);
    const { said, heard, listener } = listen();
    const stop = hints.watch(listener);

    await heard(3);
    stop();
    const count = said.length;
    await new Promise((resolve) => setImmediate(resolve));

    assert.ok(said.every((words) => words === 'repair'));
    assert.equal(said.length, count);
    await hints.close();
  });

  it('give what other nodes told between two looks', async () => {
    const documents: unknown[] = [];
    const hints = pollingHints(newsIn(documents), 1);
    const { said, heard, listener } = listen();
    hints.watch(listener);
    await heard(1);

    documents.push({ _id: 'a', node: 'another', news: 'fresh', at: new Date(9000) });
    await heard(said.length + 4);

    assert.equal(said.filter((words) => words === 'news fresh').length, 1);
    await hints.close();
  });
});

/** A collection that has what a test puts in its list. */
function newsIn(documents: readonly unknown[]): MongoNews {
  const find = (): unknown => ({ toArray: async () => [...documents] });
  return new MongoNews({ find } as unknown as NewsCollection);
}

function unreachableNews(): MongoNews {
  const find = (): unknown => ({ toArray: () => Promise.reject(new Error('unreachable')) });
  return new MongoNews({ find } as unknown as NewsCollection);
}
