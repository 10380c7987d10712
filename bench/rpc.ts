/**
 * Questions to a child process and their answers, one at a time, over Node's own IPC. `Commands`
 * maps each command to its arguments and its answer, so both ends are checked by the compiler.
 */

import type { ChildProcess } from 'node:child_process';

export interface Command<Args, Answer> {
  readonly args: Args;
  readonly answer: Answer;
}

interface Question {
  readonly ask: string;
  readonly number: number;
  readonly args: unknown;
}

interface Reply {
  readonly number: number;
  readonly answer?: unknown;
  readonly fault?: string;
}

/** The parent's end. */
export class Remote<Commands extends { [Name in keyof Commands]: Command<unknown, unknown> }> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #number = 0;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (reply: Reply) => this.#waiting.get(reply.number)?.(reply));
    child.on('exit', (code, signal) => {
      for (const [number, settle] of this.#waiting) {
        settle({ number, fault: `the process ended (${code ?? signal})` });
      }
    });
  }

  /** Rejects with the child's own words when it could not do it, or when it ended. */
  async ask<Name extends keyof Commands & string>(
    name: Name,
    args: Commands[Name]['args'],
  ): Promise<Commands[Name]['answer']> {
    this.#number += 1;
    const number = this.#number;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting.set(number, resolve);
    const question: Question = { ask: name, number, args };
    this.#child.send(question, (error) => {
      if (error) resolve({ number, fault: error.message });
    });
    const reply = await promise;
    this.#waiting.delete(number);
    if (reply.fault !== undefined) throw new Error(reply.fault);
    return reply.answer;
  }
}

type Handlers<Commands extends { [Name in keyof Commands]: Command<unknown, unknown> }> = {
  readonly [Name in keyof Commands]: (
    args: Commands[Name]['args'],
  ) => Commands[Name]['answer'] | Promise<Commands[Name]['answer']>;
};

/** The child's end: answers its parent until it is gone. */
export function serve<Commands extends { [Name in keyof Commands]: Command<unknown, unknown> }>(
  handlers: Handlers<Commands>,
): void {
  const known = new Map<string, (args: unknown) => unknown>(Object.entries(handlers));
  process.on('message', ({ ask, number, args }: Question) => {
    void answer(known.get(ask), number, args).then((reply) => process.send?.(reply));
  });
}

async function answer(
  handler: ((args: unknown) => unknown) | undefined,
  number: number,
  args: unknown,
): Promise<Reply> {
  try {
    if (handler === undefined) throw new Error('no such command');
    return { number, answer: await handler(args) };
  } catch (error) {
    return { number, fault: error instanceof Error ? error.message : String(error) };
  }
}
