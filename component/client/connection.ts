/** One WebSocket at a time: text in, text out. Knows no ops; what to do about an end is others'. */

import type { Environment, Socket } from './environment.ts';

/** What a connection tells. Nothing is told of a socket that was closed by us. */
interface ConnectionListener {
  opened(): void;
  text(text: string): void;
  /** The peer, or the network, ended it. */
  closed(code: number): void;
}

/** "Normal closure": the only code below 4000 that a page may give. */
const NORMAL = 1000;

/** The socket that is current; of those before it nothing is heard any more. */
export interface Connection {
  /** Throws what the platform throws, when it will not even try this address. */
  open(url: URL, protocol: string): void;
  /** Lost when no socket is open: whoever needs an answer waits for it. */
  say(text: string): void;
  /** Idempotent. */
  close(): void;
}

/** A connection that is not open yet. */
export function openConnection(environment: Environment, listener: ConnectionListener): Connection {
  let current: Socket | undefined;
  const close = (): void => {
    const socket = current;
    current = undefined;
    // That of `demo:` has none before it is open, and is closed then.
    socket?.close?.(NORMAL);
  };
  return {
    open(url, protocol) {
      close();
      const socket = (current = environment.openSocket(url, protocol));
      const on = <Type extends 'open' | 'message' | 'close'>(
        type: Type,
        run: (event: WebSocketEventMap[Type]) => void,
      ): void =>
        socket.addEventListener(type, (event) => {
          if (socket === current) run(event);
        });
      socket.addEventListener('open', () => {
        if (socket === current) listener.opened();
        else socket.close?.(NORMAL);
      });
      on('message', ({ data }) => {
        if (typeof data === 'string') listener.text(data);
      });
      // An `error` event says nothing and is always followed by `close`.
      on('close', ({ code }) => {
        current = undefined;
        listener.closed(code);
      });
    },
    say: (text) => current?.send(text),
    close,
  };
}
