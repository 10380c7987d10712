/** Two real servers on one database, and one of them loses it: what its clients see. */

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';

import { ChatClient, type Room } from '../../component/client/client.ts';
import { Dice } from '../proof/dice.ts';
import { becomesReady, isReady, Stage, type StageServer } from '../proof/stage.ts';
import { until } from '../../scripts/fill.ts';
import { newCid, RawClient } from '../support/raw-client.ts';

const ROOM = 'cut-off';
/** As in settings.ts, and some more. */
const QUEUE_MAX = 4096;
const DRAFTS = QUEUE_MAX + 100;
/** A draft has four seconds on this stage; the rest is for a machine that is busy otherwise. */
const BOUND_MS = 60_000;

describe('A node cut off from its database', () => {
  it('says so, reads nothing it cannot trust, moves its clients on, and recovers', async (t) => {
    const stage = await Stage.open('mongodb', new Dice(1));
    t.after(() => stage.close());
    const [cut, other] = stage.servers;
    assert.ok(cut !== undefined && other !== undefined);
    const [here, behind, older] = [await enter(t, cut), await enter(t, cut), await enter(t, cut)];
    const there = await enter(t, other);
    const room = liveOn(t, stage);
    const before = await there.say(ROOM, 'before');
    await until(room, ({ head }) => head === 1);

    cut.toDatabase?.set({ held: ['up', 'down'] });
    const after = await there.say(ROOM, 'meanwhile');
    assert.deepEqual([before.op, after.op], ['ack', 'ack'], 'the other node goes on');

    const [refused, isRed] = await Promise.all([
      refusedBy(here),
      isReady(cut.process).then((isGreen) => !isGreen),
      isToldNothing(behind, { op: 'join', room: ROOM, cursor: cursorOf(there) }),
      isToldNothing(older, { op: 'history', room: ROOM, before: 2, limit: 10, re: 1 }),
    ]);
    assert.ok(isRed);
    const atOnce = [...refused.values()].filter(({ maybe }) => !maybe);
    assert.ok(atOnce.length >= DRAFTS - QUEUE_MAX, `${atOnce.length} were refused at once`);
    assert.equal(await here.closed, 1001);
    assert.ok(here.ops.some(({ op }) => op === 'bye'));
    await assert.rejects(RawClient.connect(urlOf(cut)), /503/);

    await stage.balance();
    await until(room, ({ status, head }) => status === 'live' && head === 2);
    assert.equal(await isReady(cut.process), false, 'and nobody has helped it');

    cut.toDatabase?.clear();
    await becomesReady(cut.process);
    await storesOnce(await enter(t, cut, tokenOf(here)), refused);
  });
});

const urlOf = ({ process }: StageServer): string => `http://127.0.0.1:${process.port}`;

async function enter(t: TestContext, server: StageServer, token?: string): Promise<RawClient> {
  const client = await RawClient.connect(urlOf(server));
  // Silence would end it before it has seen anything.
  const pulse = setInterval(() => client.send({ op: 'ping', n: 1 }), 1000);
  t.after(() => {
    clearInterval(pulse);
    client.destroy();
  });
  await client.hello(token === undefined ? {} : { token });
  await client.join(ROOM);
  return client;
}

function tokenOf({ ops }: RawClient): string {
  const welcome = ops.find(({ op }) => op === 'welcome');
  return welcome?.op === 'welcome' ? (welcome.token ?? '') : '';
}

/** A real client on a line that leads to the first server. */
function liveOn(t: TestContext, { lines }: Stage): Room {
  const server = `http://127.0.0.1:${lines[0]?.proxy.port}`;
  const client = new ChatClient({ server, name: 'Bob', storage: null });
  t.after(() => client.close());
  const room = client.room(ROOM);
  room.join();
  return room;
}

interface Refused {
  readonly text: string;
  readonly maybe: boolean;
}

/** Sends more than the room's queue takes: each is refused in time, and those beyond at once. */
async function refusedBy(client: RawClient): Promise<ReadonlyMap<string, Refused>> {
  const texts = new Map<string, string>();
  const began = performance.now();
  for (let count = 1; count <= DRAFTS; count += 1) {
    const [cid, text] = [newCid(), `draft ${count}`];
    texts.set(cid, text);
    client.send({ op: 'send', room: ROOM, cid, kind: 'message', body: { text } });
  }
  const refused = new Map<string, Refused>();
  while (refused.size < DRAFTS) {
    const nack = await client.next('nack', 'ack');
    assert.ok(nack.op === 'nack', 'nothing was acknowledged');
    assert.deepEqual([nack.code, nack.retry], ['unavailable', true]);
    refused.set(nack.cid, { text: texts.get(nack.cid) ?? '', maybe: nack.maybe === true });
  }
  assert.ok(performance.now() - began < BOUND_MS);
  return refused;
}

/** What only the database can say, this node does not say, until it sends its clients away. */
async function isToldNothing(client: RawClient, op: object): Promise<void> {
  const known = client.ops.length;
  client.send(op);
  await client.closed;
  const read = ['joined', 'reset', 'page', 'entries'];
  const told = client.ops.slice(known).filter((answer) => read.includes(answer.op));
  assert.deepEqual(told, []);
}

/** Where somebody stands who read this on the other node. */
function cursorOf({ ops }: RawClient): object {
  const last = ops.flatMap((op) => (op.op === 'entries' ? op.entries : [])).at(-1);
  const joined = ops.find((op) => op.op === 'joined');
  assert.ok(last !== undefined && joined?.op === 'joined');
  return { epoch: joined.epoch, seq: last.seq, id: last.id };
}

/** Drafts that were refused are sent again: each is stored once, whatever became of it before. */
async function storesOnce(client: RawClient, refused: ReadonlyMap<string, Refused>): Promise<void> {
  const again = [...refused].filter((_, place) => place % 50 === 0);
  const seqs = new Set<number>();
  for (const [cid, { text }] of again) {
    const seq = await stored(client, cid, text);
    assert.equal(await stored(client, cid, text), seq);
    seqs.add(seq);
  }
  assert.equal(seqs.size, again.length);
}

/** Its seq, as soon as the server can tell. */
async function stored(client: RawClient, cid: string, text: string): Promise<number> {
  for (;;) {
    const answer = await client.say(ROOM, text, cid);
    if (answer.op === 'ack') return answer.seq;
    assert.equal(answer.code, 'unavailable');
  }
}
