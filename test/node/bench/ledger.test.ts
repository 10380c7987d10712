import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Ledger, type Reader } from '../../../bench/load/ledger.ts';

const reader = (group = 0): Reader => ({ next: 0, group });

/** The frame that a server would send for these messages. */
function frameOf(...numbers: number[]) {
  const bytes = Buffer.from(`numbers ${numbers.join()}`);
  return { bytes, start: 0, end: bytes.length };
}

function heard(...numbers: number[]) {
  return numbers.map((n) => ({ n }));
}

/** A room of two with these messages sent. */
function roomOfTwo(...sent: number[]) {
  const ledger = new Ledger({ members: 2, acks: false });
  const [a, b] = [reader(), reader()];
  for (const n of sent) ledger.send(n);
  return { ledger, a, b };
}

describe('Ledger', () => {
  test('is content when every member has every message once, in one order', () => {
    const { ledger, a, b } = roomOfTwo(0, 1, 2);
    const done: number[] = [];
    ledger.onDone = (n) => done.push(n);

    ledger.entries(a, heard(0, 1, 2), frameOf(0, 1, 2), 1);
    assert.deepEqual(done, []);
    assert.equal(ledger.frame(b, frameOf(0, 1, 2), 2), true);

    assert.deepEqual(done, [0, 1, 2]);
    assert.equal(ledger.verdict([a, b]), undefined);
  });

  test('takes the same order in other frames', () => {
    const { ledger, a, b } = roomOfTwo(0, 1, 2);
    ledger.entries(a, heard(0, 1, 2), frameOf(0, 1, 2), 1);

    assert.equal(ledger.frame(b, frameOf(0), 1), false);
    ledger.entries(b, heard(0), frameOf(0), 1);
    ledger.entries(b, heard(1, 2), frameOf(1, 2), 1);

    assert.equal(ledger.verdict([a, b]), undefined);
  });

  test('sees a message that one member did not get', () => {
    const { ledger, a, b } = roomOfTwo(0, 1);
    ledger.entries(a, heard(0, 1), frameOf(0, 1), 1);
    ledger.entries(b, heard(0), frameOf(0), 1);

    assert.match(ledger.verdict([a, b])!, /1 of 2 messages never arrived/);
  });

  test('sees a message that one member skipped', () => {
    const { ledger, a, b } = roomOfTwo(0, 1);
    ledger.entries(a, heard(0, 1), frameOf(0, 1), 1);
    ledger.entries(b, heard(1), frameOf(1), 1);

    assert.match(ledger.verdict([a, b])!, /at place 0 one member has 0, another 1/);
  });

  test('sees a message that came twice', () => {
    const { ledger, a, b } = roomOfTwo(0);
    ledger.entries(a, heard(0), frameOf(0), 1);
    ledger.entries(a, heard(0), frameOf(0), 1);

    assert.match(ledger.verdict([a, b])!, /message 0 is there twice/);
  });

  test('sees two orders', () => {
    const { ledger, a, b } = roomOfTwo(0, 1);
    ledger.entries(a, heard(0, 1), frameOf(0, 1), 1);
    ledger.entries(b, heard(1, 0), frameOf(1, 0), 1);

    assert.match(ledger.verdict([a, b])!, /at place 0/);
  });

  test('sees a hole in the seqs even when all members have it', () => {
    const { ledger, a } = roomOfTwo(0, 1);
    ledger.enter(10);
    ledger.entries(a, [{ n: 0, seq: 11 }], frameOf(0), 1);
    ledger.entries(a, [{ n: 1, seq: 13 }], frameOf(1), 1);

    assert.match(ledger.verdict([a])!, /seq 13 came where 12 was due/);
  });

  test('sees members that came in at different places', () => {
    const { ledger } = roomOfTwo();
    ledger.enter(10);
    ledger.enter(11);

    assert.match(ledger.verdict([])!, /came in at seq 10 and at 11/);
  });

  test('is not done before the ack, where there is one', () => {
    const ledger = new Ledger({ members: 1, acks: true });
    const only = reader();
    ledger.send(0);
    ledger.entries(only, heard(0), frameOf(0), 1);
    assert.equal(ledger.underWay, 1);

    ledger.ack(0, 2);

    assert.equal(ledger.underWay, 0);
    assert.equal(ledger.verdict([only]), undefined);
  });

  test('sees a second ack', () => {
    const ledger = new Ledger({ members: 1, acks: true });
    ledger.send(0);
    ledger.ack(0, 1);
    ledger.ack(0, 1);

    assert.match(ledger.fault!, /acked twice/);
  });

  test('tells each delivery with the server it came from', () => {
    const ledger = new Ledger({ members: 2, acks: false });
    const deliveries: [number, number][] = [];
    ledger.onDelivery = (n, { group }) => deliveries.push([n, group]);
    ledger.send(0);

    ledger.entries(reader(0), heard(0), frameOf(0), 1);
    ledger.entries(reader(1), heard(0), frameOf(0), 1);

    assert.deepEqual(deliveries, [
      [0, 0],
      [0, 1],
    ]);
  });
});
