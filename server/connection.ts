/**
 * One socket: text in, bytes out, and the watch over a peer that is silent or does not read. The
 * only module that touches a socket. Knows no users and no rooms.
 */

import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import type { Ms } from 'mini-chat/protocol';

/** What happens on a connection. Nothing is called after `closed`. */
export interface ConnectionListener {
  text(text: string): void;
  binary(): void;
  /** Something that this connection relies on has failed. */
  failed(error: unknown): void;
  closed(): void;
}

/** A reader is slow above `slowBytesMax` unsent; `slowMs` without progress is the end of it. */
export interface ConnectionLimits {
  readonly slowBytesMax: number;
  readonly slowMs: Ms;
  readonly heartbeatMs: Ms;
}

/** Browsers ring a hidden page's timers once a minute: three of 25 s leave that ping its time. */
const SILENT_HEARTBEATS = 3;

/**
 * Frames are queued, then written together by `flush`: one system call for what a turn produced.
 * Whole frames are written to the socket below `ws`, never through `ws.send`, so that a batch is
 * encoded once for all its readers; `ws` writes only pongs and the close frame, each whole, too.
 */
export class Connection {
  readonly #ws: WebSocket;
  readonly #socket: Duplex;
  readonly #limits: ConnectionLimits;
  #listener: ConnectionListener | undefined;
  /** The first queued frame, and those after it: nearly always one is all there is. */
  #first: Buffer | undefined;
  #more: Buffer[] = [];
  #queuedBytes = 0;
  /** Whether the socket had not taken all of the last write. Asking it costs more than the rest. */
  #isBehind = false;
  #heardAt: Ms;
  /** When unsent bytes last became fewer; kept only while the reader is slow. */
  #progress: { unsentBytes: number; at: Ms } | undefined;
  #drained: { promise: Promise<void>; resolve: () => void } | undefined;
  #hasEnded = false;

  constructor(
    { ws, socket }: { readonly ws: WebSocket; readonly socket: Duplex },
    limits: ConnectionLimits,
    now: Ms,
  ) {
    this.#ws = ws;
    this.#socket = socket;
    this.#limits = limits;
    this.#heardAt = now;
  }

  /** Starts to listen. `now` is asked once per frame. */
  listen(listener: ConnectionListener, now: () => Ms): void {
    this.#listener = listener;
    this.#ws.on('message', (data, isBinary) => {
      this.#heardAt = now();
      if (!this.isOpen) return;
      if (isBinary) listener.binary();
      else listener.text(textOf(data));
    });
    // Every error is followed by a close, and `ws` has answered a bad frame by its own code.
    this.#ws.on('error', () => undefined);
    this.#ws.on('close', () => this.#end());
  }

  /** False from the first close frame on, whoever sent it. */
  get isOpen(): boolean {
    return this.#ws.readyState === WebSocket.OPEN;
  }

  /** Whether enough is unsent that entries should be read from the log later instead. */
  get isSlow(): boolean {
    return this.#unsentBytes() > this.#limits.slowBytesMax;
  }

  /** Adds a whole frame to what the next `flush` writes. True when it is the first one there. */
  queue(frame: Buffer): boolean {
    if (this.#hasEnded) return false;
    this.#queuedBytes += frame.length;
    if (this.#first === undefined) {
      this.#first = frame;
      return true;
    }
    this.#more.push(frame);
    return false;
  }

  /** Writes what is queued, in one go. After a close frame there is nothing more to say. */
  flush(): void {
    const first = this.#first;
    if (first === undefined) return;
    // The stream's own 'drain' knows only its own limit, not ours: watch the last write instead.
    const isWatched = this.isSlow || this.#drained !== undefined;
    const more = this.#forgetQueued();
    if (!this.isOpen) return;
    const last = more.pop();
    if (last === undefined) this.#write(first, isWatched);
    else {
      this.#socket.cork();
      this.#socket.write(first);
      for (const frame of more) this.#socket.write(frame);
      this.#write(last, isWatched);
      this.#socket.uncork();
    }
    this.#isBehind = this.#socket.writableLength > 0;
  }

  /** Resolves once the reader is slow no more, or the connection has ended. */
  drained(): Promise<void> {
    if (this.#hasEnded || !this.isSlow) return Promise.resolve();
    this.#drained ??= Promise.withResolvers<void>();
    return this.#drained.promise;
  }

  /** Stops to read from the peer; TCP then makes it wait. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    if (this.#ws.isPaused) this.#ws.resume();
  }

  /** Ends the connection for a stated reason, after what is queued. Idempotent. */
  close(code: number): void {
    if (!this.isOpen) return;
    this.flush();
    this.#ws.close(code);
    // A paused socket would never read the peer's answer.
    this.resume();
  }

  /** Ends the connection at once, without a word. */
  destroy(): void {
    this.#ws.terminate();
  }

  /** Tells the listener that what it relies on has failed. */
  fail(error: unknown): void {
    this.#listener?.failed(error);
  }

  /** Closes a peer that is silent or reads nothing. Called every now and then. */
  sweep(now: Ms): 'silent' | 'slow' | undefined {
    if (!this.isOpen) return undefined;
    if (this.#isStuck(now)) return 'slow';
    const isSilent = now - this.#heardAt > this.#limits.heartbeatMs * SILENT_HEARTBEATS;
    // What a paused peer says is not heard: that is no silence of the peer's.
    return isSilent && !this.#ws.isPaused ? 'silent' : undefined;
  }

  #isStuck(now: Ms): boolean {
    if (!this.isSlow) {
      this.#progress = undefined;
      return false;
    }
    const unsentBytes = this.#unsentBytes();
    if (this.#progress === undefined || unsentBytes < this.#progress.unsentBytes) {
      this.#progress = { unsentBytes, at: now };
    }
    return now - this.#progress.at > this.#limits.slowMs;
  }

  #write(frame: Buffer, isWatched: boolean): void {
    if (isWatched) this.#socket.write(frame, () => this.#written());
    else this.#socket.write(frame);
  }

  /** Leaves nothing queued; returns the frames after the first one. */
  #forgetQueued(): Buffer[] {
    const more = this.#more;
    this.#first = undefined;
    this.#queuedBytes = 0;
    if (more.length > 0) this.#more = [];
    return more;
  }

  #unsentBytes(): number {
    return this.#queuedBytes + (this.#isBehind ? this.#socket.writableLength : 0);
  }

  #written(): void {
    if (!this.isSlow) this.#wake();
  }

  #wake(): void {
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  #end(): void {
    this.#hasEnded = true;
    this.#forgetQueued();
    this.#wake();
    this.#listener?.closed();
    this.#listener = undefined;
  }
}

/** Answers an upgrade that will be no WebSocket, in plain HTTP, and ends its socket. */
export function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => {
    socket.destroy();
  });
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  // With the default binaryType `ws` gives a Buffer; the others are here for the type alone.
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}
