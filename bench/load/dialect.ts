/**
 * What the load client must know of one server's language: how to come in, how to send message
 * `n`, and what a text frame means. Everything else about a run is the same for every server.
 */

/** One thing that a server said. */
export type Heard =
  | HeardReady
  /** The identity to come back with. */
  | { readonly is: 'token'; readonly token: string }
  /** The greeting goes on, or a heartbeat wants its answer. */
  | { readonly is: 'say'; readonly text: string }
  | { readonly is: 'entries'; readonly entries: readonly HeardEntry[] }
  | { readonly is: 'ack'; readonly n: number }
  | { readonly is: 'refused'; readonly why: string }
  | { readonly is: 'nothing' };

/** The connection is in the room. */
export interface HeardReady {
  readonly is: 'ready';
  /** The seq before the next entry; 0 where there are no seqs. */
  readonly head: number;
  readonly cursor?: Place;
}

/** Where a reader stands, as the server needs to hear it in order to resume. */
export interface Place {
  readonly epoch: string;
  readonly seq: number;
  readonly id: string;
}

export interface HeardEntry {
  /** Which message it is: the number it was sent with; -1 when this run did not send it. */
  readonly n: number;
  /** Its place in the room, where the server gives one. */
  readonly seq?: number;
}

/** How one member enters. */
export interface Greeting {
  readonly member: number;
  readonly room: string;
  /** Names this load client's messages, so that a store that outlives it is no trouble. */
  readonly run: string;
  /** Resume from here rather than from nothing. */
  readonly cursor?: Place;
  readonly token?: string;
}

export interface Dialect {
  readonly path: string;
  readonly subprotocol?: string;
  /** Whether the sender is told, besides getting the message back. */
  readonly acks: boolean;
  /** Said by the client so that it is not taken for dead; undefined where the server asks. */
  readonly heartbeat?: string;
  /** The first frames, sent as soon as the socket is upgraded. */
  greet(greeting: Greeting): readonly string[];
  /** The frame that sends message `n`. */
  send(greeting: Greeting, n: number, text: string): string;
  /** Messages of other runs than this one have the number -1. */
  hear(text: string, run: string): readonly Heard[];
}

export const NOTHING: readonly Heard[] = [{ is: 'nothing' }];
