import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';

import { type DataFolder, openDataFolder } from '../../../server/store-sqlite-file.ts';
import type { ToWriter, WriteAnswer, WriterData } from '../../../server/store-sqlite-worker.ts';
import { freshName, roomKey, sampleEntries, sampleEntry } from '../../support/log-samples.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'mini-chat-worker-'));
after(() => rmSync(folder, { recursive: true }));

interface Started {
  readonly worker: Worker;
  readonly data: DataFolder;
  /** Every message of the worker: the answers of one transaction each. */
  readonly said: (readonly WriteAnswer[])[];
  readonly say: (message: ToWriter) => void;
  readonly close: () => Promise<void>;
}

function start(pagesMax = 0): Started {
  const data = openDataFolder(path.join(folder, freshName()));
  const script = path.join(import.meta.dirname, '../../../server/store-sqlite-worker.ts');
  const workerData: WriterData = { path: data.path, pagesMax };
  const worker = new Worker(script, { workerData });
  const said: (readonly WriteAnswer[])[] = [];
  worker.on('message', (answers: readonly WriteAnswer[]) => said.push(answers));
  const say = (message: ToWriter): void => worker.postMessage(message);
  const close = async (): Promise<void> => {
    say('close');
    await once(worker, 'exit');
  };
  return { worker, data, said, say, close };
}

const countIn = ({ reader }: DataFolder, room: string): unknown =>
  reader.prepare('SELECT count(*) AS n FROM entries WHERE room = ?').get(roomKey(room))?.['n'];

describe('SQLite writer thread', () => {
  it('puts whatever lies in its inbox in one transaction', async () => {
    const { data, said, say, close } = start();

    // All of these are in the inbox before the thread has started.
    for (let id = 1; id <= 20; id++) {
      say([{ id, do: 'insert', room: roomKey(`r${id}`), entries: sampleEntries(1, 2) }]);
    }
    await close();

    assert.deepEqual(
      said.map((answers) => answers.map(({ id }) => id)),
      [Array.from({ length: 20 }, (_, n) => n + 1)],
    );
    assert.equal(countIn(data, 'r20'), 2);
    data.close();
  });

  it('puts many entries into more than one transaction, each job whole and in its turn', async () => {
    const { data, said, say, close } = start();
    const rooms = ['a', 'b', 'c', 'd', 'e'];

    say(
      rooms.map((room, n) => {
        const entries = sampleEntries(1, n === 0 ? 300 : 120);
        return { id: n + 1, do: 'insert', room: roomKey(room), entries };
      }),
    );
    await close();

    assert.deepEqual(
      said.map((answers) => answers.map(({ id }) => id)),
      [[1], [2, 3], [4, 5]],
    );
    assert.deepEqual(
      rooms.map((room) => countIn(data, room)),
      [300, 120, 120, 120, 120],
    );
    data.close();
  });

  it("a job's conflict undoes that job and no other", async () => {
    const { data, said, say, close } = start();
    const clash = [sampleEntry(1), sampleEntry(2, { cid: 'cid-1' })];

    say([
      { id: 1, do: 'insert', room: roomKey('a'), entries: sampleEntries(1, 2) },
      { id: 2, do: 'insert', room: roomKey('b'), entries: clash },
      { id: 3, do: 'insert', room: roomKey('c'), entries: sampleEntries(1, 2) },
    ]);
    await close();

    const [[first, second, third] = []] = said;
    assert.deepEqual([first, third], [{ id: 1 }, { id: 3 }]);
    assert.match(second?.error ?? '', /UNIQUE/);
    assert.deepEqual(
      ['a', 'b', 'c'].map((room) => countIn(data, room)),
      [2, 0, 2],
    );
    data.close();
  });

  it('a full file rejects what does not fit, and the next that fits goes in', async () => {
    const { worker, data, said, say, close } = start(30);
    const body = { text: 'x'.repeat(4000) };
    const many = sampleEntries(1, 200).map(({ seq }) => sampleEntry(seq, { body }));

    say([{ id: 1, do: 'insert', room: roomKey('a'), entries: many }]);
    await once(worker, 'message');
    say([{ id: 2, do: 'insert', room: roomKey('b'), entries: sampleEntries(1, 1) }]);
    await close();

    const [first, second] = said.flat();
    assert.match(first?.error ?? '', /full/);
    assert.deepEqual(second, { id: 2 });
    assert.deepEqual([countIn(data, 'a'), countIn(data, 'b')], [0, 1]);
    data.close();
  });

  it('a swap is part of the transaction, in its turn', async () => {
    const { data, said, say, close } = start();

    say([
      { id: 1, do: 'swap', name: 'keys', next: 'one' },
      { id: 2, do: 'swap', name: 'keys', next: 'two' },
      { id: 3, do: 'swap', name: 'keys', expected: 'one', next: 'three' },
    ]);
    await close();

    assert.deepEqual(
      said.flat().map(({ value }) => value),
      ['one', 'one', 'three'],
    );
    data.close();
  });
});
