import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cursor, Entry, RoomId, Seq, ServerOp } from 'mini-chat/protocol';
import { FanOut } from '../../../server/fan-out.ts';
import { Room, type Reader } from '../../../server/room.ts';
import type { RoomLog } from '../../../server/room-log.ts';

/** A log whose reads are answered when the test says so. */
class FakeLog {
  readonly entries: Entry[] = [];
  readonly reads: { after: Seq; resolve: () => void }[] = [];

  get facts(): object {
    return { epoch: 'e', head: this.entries.length, headId: '', headAt: 0, floor: 1 };
  }

  add(): Entry {
    const seq = this.entries.length + 1;
    const entry = { seq, id: `id-${seq}`, kind: 'message', body: { text: 'x' } };
    this.entries.push(entry as unknown as Entry);
    return entry as unknown as Entry;
  }

  async resume(cursor: Cursor): Promise<object> {
    const first = this.entries.slice(cursor.seq, cursor.seq + 1);
    return { entries: first, more: cursor.seq + first.length < this.entries.length };
  }

  /** Everything up to here was forgotten. */
  lost = 0;

  read({ after, limit }: { after: Seq; limit: number }): Promise<readonly Entry[]> {
    const found = this.entries.slice(after, after + limit);
    return new Promise((resolve) => {
      const kept = (): readonly Entry[] => found.filter(({ seq }) => seq > this.lost);
      this.reads.push({ after, resolve: () => resolve(kept()) });
    });
  }

  async page(): Promise<object> {
    return { facts: this.facts, messages: [] };
  }
}

class FakeReader implements Reader {
  readonly isOpen = true;
  isSlow = false;
  readonly #drained = Promise.withResolvers<void>();
  readonly ops: ServerOp[] = [];

  queue(frame: Buffer): boolean {
    const head = frame[1] === 126 ? 4 : 2;
    this.ops.push(JSON.parse(frame.subarray(head).toString()) as ServerOp);
    return true;
  }

  flush(): void {}
  drained(): Promise<void> {
    return this.#drained.promise;
  }

  /** Has read what was unsent. */
  drain(): void {
    this.isSlow = false;
    this.#drained.resolve();
  }

  fail(error: unknown): void {
    throw error;
  }

  get seqs(): readonly Seq[] {
    return this.ops.flatMap((op) => ('entries' in op ? op.entries.map((entry) => entry.seq) : []));
  }
}

const newRoom = (): { log: FakeLog; room: Room; reader: FakeReader } => {
  const log = new FakeLog();
  const fanOut = new FanOut(1000);
  const room = new Room({ id: 'lobby' as RoomId, log: log as unknown as RoomLog, fanOut });
  return { log, room, reader: new FakeReader() };
};

const upTo = (last: Seq): readonly Seq[] => Array.from({ length: last }, (_, i) => i + 1);

const joining = (seq: Seq): { cursor: Cursor; can: [] } => ({
  cursor: { epoch: 'e', seq, id: '' } as Cursor,
  can: [],
});

describe('Room › pump', () => {
  it('pushes nothing to a member while its entries are being read', async () => {
    const { log, room, reader } = newRoom();
    for (let i = 0; i < 3; i += 1) log.add();

    await room.join(reader, joining(0));
    const live = log.add();
    room.release([live]);
    await nextTurn();
    assert.deepEqual(reader.seqs, [1]);
    while (log.reads.length > 0) {
      log.reads.shift()?.resolve();
      await nextTurn();
    }

    assert.deepEqual(reader.seqs, [1, 2, 3, 4]);
  });

  it('pushes nothing to a member that is being read for, though it stands right there', async () => {
    const { log, room, reader } = newRoom();
    log.add();
    room.release([log.add()]);

    await room.join(reader, joining(0));
    await nextTurn();
    assert.deepEqual(reader.seqs, [1]);
    log.reads.shift()?.resolve();
    await nextTurn();

    assert.deepEqual(reader.seqs, [1, 2]);
    assert.equal(log.reads.length, 0);
  });

  it('starts a member again when what comes next is kept no more', async () => {
    const { log, room, reader } = newRoom();
    for (let i = 0; i < 4; i += 1) log.add();
    await room.join(reader, joining(0));
    log.lost = 3;
    log.reads.shift()?.resolve();
    await nextTurn();

    assert.deepEqual(reader.seqs, [1]);
    const last = reader.ops.at(-1);
    assert.ok(last?.op === 'reset' && last.reason === 'below_floor');
  });

  it('pushes again once the member stands at the head', async () => {
    const { log, room, reader } = newRoom();
    for (let i = 0; i < 2; i += 1) log.add();
    await room.join(reader, joining(0));
    log.reads.shift()?.resolve();
    await nextTurn();

    room.release([log.add()]);
    await nextTurn();

    assert.deepEqual(reader.seqs, [1, 2, 3]);
    assert.equal(log.reads.length, 0);
  });

  it('drops what it read for a member that has joined again meanwhile', async () => {
    const { log, room, reader } = newRoom();
    for (let i = 0; i < 3; i += 1) log.add();
    await room.join(reader, joining(0));

    await room.join(reader, joining(2));
    log.reads.shift()?.resolve();
    await nextTurn();

    assert.deepEqual(reader.seqs, [1, 3]);
  });

  it('drops what it read for a member that has left meanwhile', async () => {
    const { log, room, reader } = newRoom();
    for (let i = 0; i < 3; i += 1) log.add();
    await room.join(reader, joining(0));

    room.leave(reader);
    log.reads.shift()?.resolve();
    await nextTurn();

    assert.deepEqual(reader.seqs, [1]);
    assert.equal(log.reads.length, 0);
  });

  it('queues nothing for a slow reader, and reads for it when it has drained', async () => {
    const { log, room, reader } = newRoom();
    await room.join(reader, joining(0));
    reader.isSlow = true;

    for (let i = 0; i < 500; i += 1) {
      room.release([log.add()]);
      await nextTurn();
    }
    assert.equal(reader.ops.length, 1);
    assert.equal(log.reads.length, 0);
    reader.drain();
    await nextTurn();
    while (log.reads.length > 0) {
      log.reads.shift()?.resolve();
      await nextTurn();
    }

    assert.deepEqual(reader.seqs, upTo(500));
  });

  it('gives who joined within a turn the rest of its batch, and only that', async () => {
    const { log, room, reader } = newRoom();
    const other = new FakeReader();
    await room.join(other, joining(0));
    room.release([log.add()]);

    await room.join(reader, joining(0));
    room.release([log.add()]);
    await nextTurn();

    assert.deepEqual(other.seqs, [1, 2]);
    assert.deepEqual(reader.seqs, [1, 2]);
    assert.equal(reader.ops.length, 2);
  });
});
