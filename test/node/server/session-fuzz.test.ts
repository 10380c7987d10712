/** Peers that say anything at all: the process lives, and the other members notice nothing. */

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { codes } from 'mini-chat/protocol';
import type { RawClient } from '../../support/raw-client.ts';
import { seedOfRun } from '../../support/seed.ts';
import { startServer, type TestServer } from '../../support/server.ts';

const seed = seedOfRun();
const parameters = { seed, numRuns: 150 };

/** Limits that would end a peer before it has said its worst. */
const lifted = { framesPerSecondMax: 1e9, sendsPerSecondMax: 1e9, sendsBurstMax: 1e9 };

const awkward = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'lobby', '', -1, 0, 1, 1e308, null, { $ne: null }),
);

const opLike = fc.record(
  {
    op: fc.oneof(
      fc.constantFrom('hello', 'join', 'leave', 'send', 'history', 'token', 'ping', 'toString'),
      fc.constantFrom('typing', 'read'),
      awkward,
    ),
    v: fc.oneof(fc.constant(1), awkward),
    room: fc.oneof(fc.constantFrom('lobby', '__proto__', 'room-2'), awkward),
    cid: fc.oneof(fc.constantFrom('cid-fuzz-1', 'cid-fuzz-2', '__proto__'), awkward),
    kind: fc.oneof(fc.constantFrom('message', 'edit', 'hasOwnProperty'), awkward),
    body: fc.oneof(fc.record({ text: awkward, replyTo: awkward }, { requiredKeys: [] }), awkward),
    cursor: fc.oneof(fc.record({ epoch: awkward, seq: awkward, id: awkward }), awkward),
    on: fc.oneof(fc.boolean(), awkward),
    seq: fc.oneof(fc.constantFrom(1, 2 ** 53), awkward),
    before: awkward,
    limit: fc.oneof(fc.constantFrom(1, 100), awkward),
    re: awkward,
    n: awkward,
    token: awkward,
    name: awkward,
    client: awkward,
  },
  { requiredKeys: ['op'] },
);

/** Runs one peer's story beside a witness who talks to another, and checks that both still can. */
async function beside(
  server: TestServer,
  witnesses: readonly [RawClient, RawClient],
  story: (peer: RawClient) => Promise<void>,
): Promise<void> {
  const peer = await server.connect();
  await story(peer);
  const [ann, bob] = witnesses;
  const ack = await ann.say('witness', 'still here');
  assert.ok(ack.op === 'ack');
  const isIt = (seq: number): Promise<unknown> =>
    bob.until((op) => op.op === 'entries' && op.entries.some((entry) => entry.seq === seq));
  await isIt(ack.seq);
  for (const op of peer.ops) {
    if (op.op !== 'error' && op.op !== 'nack') continue;
    assert.ok(Object.hasOwn(codes, op.code) && op.code !== 'internal', op.code);
  }
  peer.destroy();
}

describe(`a peer that says anything (SEED=${seed})`, () => {
  it('in ops of the right shape and the wrong content', async (t) => {
    const server = await startServer(t, lifted);
    const witnesses = [await server.member('A', 'witness'), await server.member('B', 'witness')];

    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(opLike, { maxLength: 12 }), (isGreeted, ops) =>
        beside(server, witnesses as [RawClient, RawClient], async (peer) => {
          if (isGreeted) await peer.hello();
          for (const op of ops) peer.send(op);
        }),
      ),
      parameters,
    );
  });

  it('in any JSON, any text, any binary', async (t) => {
    const server = await startServer(t, lifted);
    const witnesses = [await server.member('A', 'witness'), await server.member('B', 'witness')];
    const text = fc.oneof(fc.json(), fc.string({ unit: 'binary' }));

    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 6 }), fc.uint8Array(), (texts, bytes) =>
        beside(server, witnesses as [RawClient, RawClient], async (peer) => {
          await peer.hello();
          for (const one of texts) peer.send(one);
          peer.frame(2, Buffer.from(bytes));
        }),
      ),
      parameters,
    );
  });

  it('in bytes that are no frames', async (t) => {
    const server = await startServer(t, lifted);
    const witnesses = [await server.member('A', 'witness'), await server.member('B', 'witness')];

    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) =>
        beside(server, witnesses as [RawClient, RawClient], async (peer) => {
          peer.socket.write(bytes);
        }),
      ),
      parameters,
    );
  });

  it('in a hurry: sends, leaves, joins again and hangs up in the middle', async (t) => {
    const server = await startServer(t, lifted);
    const witnesses = [await server.member('A', 'witness'), await server.member('B', 'witness')];
    const room = fc.constantFrom('witness', 'room-1', 'room-2');
    const op = fc.oneof(
      fc.record({ op: fc.constant('join'), room }),
      fc.record({ op: fc.constant('leave'), room }),
      fc.record({
        op: fc.constant('send'),
        room,
        cid: fc.constantFrom('cid-aaaa1', 'cid-aaaa2', 'cid-aaaa3'),
        kind: fc.constant('message'),
        body: fc.record({ text: fc.constantFrom('one', 'two') }),
      }),
    );

    await fc.assert(
      fc.asyncProperty(fc.array(op, { maxLength: 20 }), fc.boolean(), (ops, hangsUp) =>
        beside(server, witnesses as [RawClient, RawClient], async (peer) => {
          await peer.hello();
          for (const one of ops) peer.send(one);
          if (hangsUp) return peer.destroy();
          await peer.settle();
        }),
      ),
      parameters,
    );
  });
});
