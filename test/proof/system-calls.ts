/** What a process wrote to which file, and when it synced: from the lines of strace. */

export type SystemCall =
  | {
      readonly call: 'write';
      readonly path: string;
      readonly offset: number;
      readonly data: Buffer;
    }
  | { readonly call: 'truncate'; readonly path: string; readonly size: number }
  | { readonly call: 'unlink'; readonly path: string }
  | { readonly call: 'sync start' | 'sync end'; readonly path: string; readonly thread: string }
  | { readonly call: 'said'; readonly text: string };

/** For strace: every call that changes a file, with whole strings in hexadecimal. */
export const STRACE_FLAGS: readonly string[] = [
  ...['-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', '10000000', '-e', 'signal=none'],
  ...['-e', 'trace=pwrite64,write,pwritev,writev,fdatasync,fsync,ftruncate,unlink,rename'],
];

const CALL = /^(\d+) +(\w+)\((?:(\d+)<([^>]*)>)?(.*)$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>/;
const FIRST_STRING = /"((?:\\x[0-9a-f]{2})*)"/;

/** Reads one line after another; gives what each came to, in the order of the trace. */
export class StraceReader {
  /** Threads in the middle of a sync, with its file. */
  readonly #syncing = new Map<string, string>();

  /** Throws for a call that it does not understand: a gap in the trace would prove nothing. */
  read(line: string): readonly SystemCall[] {
    const resumed = RESUMED.exec(line);
    if (resumed !== null) return this.#resumed(resumed[1] ?? '');
    const parts = CALL.exec(line);
    if (parts === null) return [];
    const [, thread = '', name = '', fd = '', hex = '', rest = ''] = parts;
    const path = textOf(hex);
    switch (name) {
      case 'pwrite64':
        return [{ call: 'write', path, ...writtenIn(rest) }];
      case 'write':
        return fd === '1' ? [{ call: 'said', text: bytesIn(rest).toString() }] : [];
      case 'ftruncate':
        return [{ call: 'truncate', path, size: Number(/^, (\d+)/.exec(rest)?.[1]) }];
      case 'unlink':
        return [{ call: 'unlink', path: bytesIn(rest).toString() }];
      case 'fsync':
      case 'fdatasync':
        return this.#sync(thread, path, rest);
      default:
        throw new Error(`the trace has a call that nobody simulates: ${line.slice(0, 200)}`);
    }
  }

  #sync(thread: string, path: string, rest: string): readonly SystemCall[] {
    const start: SystemCall = { call: 'sync start', path, thread };
    if (!rest.includes('<unfinished')) return [start, { call: 'sync end', path, thread }];
    this.#syncing.set(thread, path);
    return [start];
  }

  #resumed(thread: string): readonly SystemCall[] {
    const path = this.#syncing.get(thread);
    if (path === undefined) return [];
    this.#syncing.delete(thread);
    return [{ call: 'sync end', path, thread }];
  }
}

function writtenIn(rest: string): { readonly data: Buffer; readonly offset: number } {
  const offset = /, \d+, (\d+)(?:\)| <unfinished)/.exec(rest)?.[1];
  if (offset === undefined) throw new Error(`a write without a place: ${rest.slice(-100)}`);
  return { data: bytesIn(rest), offset: Number(offset) };
}

function bytesIn(rest: string): Buffer {
  const hex = FIRST_STRING.exec(rest)?.[1];
  if (hex === undefined) throw new Error(`a call without its bytes: ${rest.slice(0, 100)}`);
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

function textOf(hex: string): string {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex').toString();
}
