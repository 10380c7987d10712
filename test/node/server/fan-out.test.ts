import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { encode, FanOut, type Sink, type Source } from '../../../server/fan-out.ts';

/** A sink that keeps what each flush wrote. */
class FakeSink implements Sink {
  readonly writes: string[][] = [];
  #queued: string[] = [];

  queue(frame: Buffer): boolean {
    return this.#queued.push(frame.subarray(2).toString()) === 1;
  }

  flush(): void {
    if (this.#queued.length > 0) this.writes.push(this.#queued);
    this.#queued = [];
  }
}

/** A source with so many members, and how many of them were written to. */
function crowd(o: { members: number; sliceMax: number }): {
  fanOut: FanOut;
  source: Source;
  writes: () => number;
} {
  const fanOut = new FanOut(o.sliceMax);
  const sinks = Array.from({ length: o.members }, () => new FakeSink());
  const deliver = (): void => sinks.forEach((sink) => fanOut.send(sink, pong(1)));
  const writes = (): number => sinks.filter((sink) => sink.writes.length > 0).length;
  return { fanOut, source: { memberCount: o.members, deliver }, writes };
}

const never = (): boolean => false;

const pong = (n: number): { op: 'pong'; n: number } => ({ op: 'pong', n });

describe('FanOut', () => {
  it('writes what one turn produced in one go, in order', async () => {
    const fanOut = new FanOut(1000);
    const sink = new FakeSink();

    fanOut.send(sink, pong(1));
    await Promise.resolve();
    fanOut.send(sink, pong(2));
    await nextTurn();

    assert.deepEqual(sink.writes, [['{"op":"pong","n":1}', '{"op":"pong","n":2}']]);
  });

  it('puts replies behind what is delivered in the same turn', async () => {
    const fanOut = new FanOut(1000);
    const sink = new FakeSink();

    fanOut.reply(sink, pong(9));
    fanOut.deliverLater({ memberCount: 1, deliver: () => fanOut.send(sink, pong(1)) });
    await nextTurn();

    assert.deepEqual(sink.writes, [['{"op":"pong","n":1}', '{"op":"pong","n":9}']]);
  });

  it('delivers a source once a turn, however often it asked', async () => {
    const fanOut = new FanOut(1000);
    let delivered = 0;
    const source = { memberCount: 1, deliver: () => void (delivered += 1) };

    fanOut.deliverLater(source);
    fanOut.deliverLater(source);
    await nextTurn();

    assert.equal(delivered, 1);
  });

  it('writes to a slice of its connections in a turn, keeping the order of each', async () => {
    const fanOut = new FanOut(2);
    const sinks = Array.from({ length: 5 }, () => new FakeSink());
    const written = (): number => sinks.filter((sink) => sink.writes.length > 0).length;

    for (const sink of sinks) fanOut.send(sink, pong(1));
    await nextTurn();
    assert.equal(written(), 2);
    for (const sink of sinks) fanOut.send(sink, pong(2));
    while (written() < 5) await nextTurn();
    await nextTurn();
    await nextTurn();

    for (const sink of sinks) {
      assert.deepEqual(sink.writes.flat(), ['{"op":"pong","n":1}', '{"op":"pong","n":2}']);
    }
  });

  it('has a large room wait until all but two slices of it are written', async () => {
    const { fanOut, source, writes } = crowd({ members: 9, sliceMax: 2 });

    fanOut.deliverLater(source);
    await fanOut.readyForMore(source, never);

    // Three slices of two leave three; they are written once who waited has started.
    assert.equal(writes(), 6);
    await nextTurn();
    assert.equal(writes(), 8);
  });

  it('has it wait no longer than until enough is there to go out', async () => {
    const { fanOut, source, writes } = crowd({ members: 100, sliceMax: 2 });

    fanOut.deliverLater(source);
    await fanOut.readyForMore(source, () => writes() >= 4);

    assert.equal(writes(), 4);
  });

  it('has a room of two slices wait for the first one', async () => {
    const { fanOut, source, writes } = crowd({ members: 4, sliceMax: 2 });

    fanOut.deliverLater(source);
    await fanOut.readyForMore(source, never);

    assert.equal(writes(), 2);
  });

  it('writes first to those who are answered, and in its order to each', async () => {
    const fanOut = new FanOut(2);
    const sinks = Array.from({ length: 5 }, () => new FakeSink());
    const [author, last] = [sinks[3]!, sinks[4]!];
    const deliver = (): void => sinks.forEach((sink) => fanOut.send(sink, pong(1)));

    fanOut.reply(author, pong(9));
    fanOut.reply(last, pong(9));
    fanOut.deliverLater({ memberCount: 5, deliver });
    await nextTurn();

    assert.deepEqual(
      sinks.map(({ writes }) => writes.length),
      [0, 0, 0, 1, 1],
    );
    assert.deepEqual(author.writes, [['{"op":"pong","n":1}', '{"op":"pong","n":9}']]);
    while (sinks.some(({ writes }) => writes.length === 0)) await nextTurn();
    assert.ok(sinks.every(({ writes }) => writes.length === 1));
  });

  it('writes to them first also when they wait for something older', async () => {
    const fanOut = new FanOut(2);
    const sinks = Array.from({ length: 7 }, () => new FakeSink());
    const author = sinks[6]!;
    for (const sink of sinks) fanOut.send(sink, pong(1));
    await nextTurn();

    fanOut.reply(author, pong(9));
    await nextTurn();

    assert.deepEqual(author.writes, [['{"op":"pong","n":1}', '{"op":"pong","n":9}']]);
    assert.equal(sinks.filter(({ writes }) => writes.length > 0).length, 4);
  });

  it('has a room that is written to in one turn wait for the end of the turn alone', async () => {
    const { fanOut, source, writes } = crowd({ members: 2, sliceMax: 2 });
    const order: string[] = [];

    fanOut.deliverLater(source);
    void fanOut.readyForMore(source, never).then(() => order.push('ready'));
    await nextTurn();
    order.push('a turn');

    assert.deepEqual(order, ['ready', 'a turn']);
    assert.equal(writes(), 2);
  });

  it('has nobody wait for the large room of others', async () => {
    const { fanOut, source, writes } = crowd({ members: 100, sliceMax: 2 });
    const quiet = { memberCount: 1, deliver: () => assert.fail('was not asked to') };

    fanOut.deliverLater(source);
    await fanOut.readyForMore(quiet, never);

    assert.ok(writes() < 100);
  });

  it('leaves nobody waiting after close', async () => {
    const { fanOut, source } = crowd({ members: 100, sliceMax: 2 });

    fanOut.deliverLater(source);
    await nextTurn();
    const early = fanOut.readyForMore(source, never);
    fanOut.close();

    await early;
    await fanOut.readyForMore(source, never);
  });

  it('leaves nothing in the loop after close', async () => {
    const fanOut = new FanOut(1000);
    const sink = new FakeSink();

    fanOut.send(sink, pong(1));
    fanOut.close();
    await nextTurn();

    assert.deepEqual(sink.writes, []);
  });
});

describe('encode', () => {
  for (const length of [0, 100, 125, 126, 65_535, 65_536, 100_000]) {
    it(`frames an op of about ${length} bytes as one whole text frame`, () => {
      const op = { op: 'error', code: 'x', message: 'é'.repeat(length / 2) } as const;

      const frame = encode(op);

      const short = frame[1]!;
      const head = short === 127 ? 10 : short === 126 ? 4 : 2;
      const said =
        head === 10 ? Number(frame.readBigUInt64BE(2)) : head === 4 ? frame.readUInt16BE(2) : short;
      assert.equal(frame[0], 0x81);
      assert.equal(said, frame.length - head);
      assert.equal(frame.subarray(head).toString(), JSON.stringify(op));
    });
  }
});
