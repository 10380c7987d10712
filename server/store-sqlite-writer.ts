/** The main thread's end of the writer: gives jobs, gives back answers, notices its death. */

import { Worker } from 'node:worker_threads';
import type { WriteTask } from './store-sqlite-tasks.ts';
import type { ToWriter, WriteAnswer, WriteJob, WriterData } from './store-sqlite-worker.ts';

/** The worker lies beside this file: source beside source, built beside built. */
const WORKER = new URL(
  import.meta.url.endsWith('.ts') ? './store-sqlite-worker.ts' : './store-sqlite-worker.js',
  import.meta.url,
);

interface Asked {
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

/** Every job is answered: by the writer, or with a rejection when the writer is no more. */
export class SqliteWriter {
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked>();
  readonly #ended: Promise<void>;
  #outbox: WriteJob[] = [];
  #lastId = 0;
  #fault: Error | undefined;

  constructor(data: WriterData, worker: URL = WORKER) {
    this.#worker = new Worker(worker, { workerData: data, name: 'sqlite-writer' });
    this.#worker.on('message', (answers: readonly WriteAnswer[]) => this.#answer(answers));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('messageerror', (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#fail(new Error(`the writer of the store ended with ${code}`));
        resolve();
      });
    });
  }

  /** Why nothing can be written any more. A new server is the only cure. */
  get fault(): Error | undefined {
    return this.#fault;
  }

  /** Resolves with what the task gave, once it is durable; '' when it gave nothing. */
  ask(task: WriteTask): Promise<string> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault);
    this.#lastId++;
    const id = this.#lastId;
    const isIdle = this.#asked.size === 0;
    const answer = new Promise<string>((resolve, reject) =>
      this.#asked.set(id, { resolve, reject }),
    );
    this.#outbox.push({ id, ...task });
    // The rooms that one commit woke write again in one turn: one message carries them all.
    if (isIdle) this.#post();
    else if (this.#outbox.length === 1) setImmediate(() => this.#post());
    return answer;
  }

  /** Resolves when everything asked before is answered and the thread has ended. */
  async close(): Promise<void> {
    this.#post();
    if (this.#fault === undefined) this.#send('close');
    await this.#ended;
  }

  #post(): void {
    if (this.#outbox.length > 0 && this.#fault === undefined) this.#send(this.#outbox);
    this.#outbox = [];
  }

  #send(message: ToWriter): void {
    this.#worker.postMessage(message);
  }

  #answer(answers: readonly WriteAnswer[]): void {
    for (const { id, error, value = '' } of answers) {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error === undefined) asked?.resolve(value);
      else asked?.reject(new Error(error));
    }
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    for (const { reject } of this.#asked.values()) reject(this.#fault);
    this.#asked.clear();
  }
}
