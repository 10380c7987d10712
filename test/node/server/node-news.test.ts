import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeNews, parseNews, type Fact } from '../../../server/node-news.ts';
import { NEWS_LENGTH_MAX, type RoomKey } from '../../../server/store.ts';

const room = 'main/lobby' as RoomKey;
const facts = [
  {
    about: 'presence',
    room,
    users: [{ id: 'u_1', name: 'Ann', role: 'member', avatar: 'https://a' }],
  },
  { about: 'presence', room, keys: 'abcdefghijkl', more: 3 },
  { about: 'typing', room, users: [{ id: 'g_1', name: '' }] },
  { about: 'read', room, user: 'u_1', seq: 7 },
  { about: 'gone' },
] as unknown as readonly Fact[];

const counter = (): (() => number) => {
  let n = 0;
  return () => (n += 1);
};

describe('encodeNews', () => {
  it('makes one text of what fits, which parses to the same', () => {
    const texts = encodeNews('node-1', counter(), facts);

    assert.equal(texts.length, 1);
    assert.deepEqual(parseNews(texts[0]!), { node: 'node-1', n: 1, facts });
  });

  it('says more in several texts, none too long, with growing numbers', () => {
    const many = Array.from({ length: 9 }, () => ({
      about: 'presence',
      room,
      keys: 'k'.repeat(24_000),
    }));

    const texts = encodeNews('node-1', counter(), many as readonly Fact[]);

    assert.ok(texts.length === 5 && texts.every((text) => text.length <= NEWS_LENGTH_MAX));
    assert.deepEqual(
      texts.map((text) => parseNews(text)?.n),
      [1, 2, 3, 4, 5],
    );
    assert.equal(texts.flatMap((text) => parseNews(text)?.facts ?? []).length, 9);
  });

  it('leaves out what no text can hold', () => {
    const long = { about: 'presence', room, keys: 'k'.repeat(NEWS_LENGTH_MAX) } as const;

    const texts = encodeNews('node-1', counter(), [long, { about: 'gone' }]);

    assert.deepEqual(
      texts.map((text) => parseNews(text)?.facts),
      [[{ about: 'gone' }]],
    );
  });

  it('makes no text of nothing', () => {
    assert.deepEqual(encodeNews('node-1', counter(), []), []);
  });
});

describe('parseNews', () => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '{"node":"n","n":1}',
    '{"node":"","n":1,"facts":[]}',
    '{"node":"a b","n":1,"facts":[]}',
    '{"node":"n","n":-1,"facts":[]}',
    '{"node":"n","n":"1","facts":[]}',
    `{"node":"n","n":1,"facts":["${'x'.repeat(NEWS_LENGTH_MAX)}"]}`,
    '['.repeat(60_000),
  ]) {
    it(`takes no news from ${text.slice(0, 40)}`, () => {
      assert.equal(parseNews(text), undefined);
    });
  }

  for (const fact of [
    null,
    [],
    {},
    { about: 'weather', room },
    { about: 'presence' },
    { about: 'presence', room: 7 },
    { about: 'presence', room, keys: 'abc' },
    { about: 'presence', room, keys: 'abc!ef' },
    { about: 'presence', room, keys: 'abcdef', more: -1 },
    { about: 'presence', room, users: 'all' },
    { about: 'presence', room, users: [{ id: 'u_1', name: 'Ann' }] },
    { about: 'presence', room, users: [{ id: 'u_1', name: 'Ann', role: 'king' }] },
    { about: 'presence', room, users: [{ id: '', name: 'Ann', role: 'guest' }] },
    { about: 'presence', room, users: [{ id: 'u_1', name: 'x'.repeat(2000), role: 'guest' }] },
    { about: 'typing', room },
    { about: 'typing', room, users: [null] },
    { about: 'read', room, user: 'u_1' },
    { about: 'read', room, user: 'u_1', seq: 1.5 },
    { about: 'read', room, user: {}, seq: 1 },
  ]) {
    it(`passes over ${JSON.stringify(fact).slice(0, 60)} and takes what stands beside it`, () => {
      const text = JSON.stringify({ node: 'n', n: 1, facts: [fact, { about: 'gone' }] });

      assert.deepEqual(parseNews(text)?.facts, [{ about: 'gone' }]);
    });
  }

  it('copies fields by name', () => {
    const user = { id: 'u_1', name: 'Ann', role: 'guest', avatar: 7, isAdmin: true };
    const text = JSON.stringify({
      node: 'n',
      n: 1,
      facts: [{ about: 'presence', room, users: [user], __proto__: 1, extra: 2 }],
    });

    assert.deepEqual(parseNews(text)?.facts, [
      { about: 'presence', room, users: [{ id: 'u_1', name: 'Ann', role: 'guest' }] },
    ]);
  });
});
