/**
 * From an HTTP upgrade to a WebSocket, or to a refusal in words: a page cannot read the answer to a
 * failed handshake, so who is refused by name gets the handshake, one `error` and a close code.
 */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';
import { ChatError, SUBPROTOCOL } from 'mini-chat/protocol';
import type { Ms } from 'mini-chat/protocol';
import { AddressCounts, addressOf, isListedOrigin } from './addresses.ts';
import { Connection, refuseUpgrade } from './connection.ts';
import { encode } from './fan-out.ts';
import type { Metrics } from './metrics.ts';
import { closeCodeFor, errorOp } from './refusals.ts';
import type { Config } from './settings.ts';

/** What comes through the gate. */
export interface Admitted {
  readonly connection: Connection;
  /** To be called when it has greeted or ended, whichever is first. Idempotent. */
  readonly stopsWaiting: () => void;
}

/** What the gate needs. */
export interface UpgradeGateOptions {
  readonly config: Config;
  readonly metrics: Metrics;
  readonly now: () => Ms;
  readonly admit: (admitted: Admitted) => void;
}

/** `maxPendingAutoPongs` and `closeTimeout` are newer than the types of `ws`. */
interface SocketOptions extends ServerOptions {
  readonly maxPendingAutoPongs: number;
  readonly closeTimeout: Ms;
}

/** Lets in what may come in. */
export class UpgradeGate {
  readonly #options: UpgradeGateOptions;
  readonly #sockets: WebSocketServer;
  readonly #waiting = new AddressCounts();
  readonly #refused = new AddressCounts();
  #isClosed = false;
  /** While true every upgrade is refused in a way that makes clients and proxies try elsewhere. */
  isTurningAway = false;

  constructor(options: UpgradeGateOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer(socketOptions(options.config));
  }

  /** Takes an upgrade that was meant for us. */
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { trustProxy, waitingPerAddressMax } = this.#options.config;
    const address = addressOf(request, trustProxy);
    if (this.#isClosed || this.isTurningAway)
      return refuseUpgrade(socket, '503 Service Unavailable');
    // Words cost a handshake; who was given as many as this, and keeps them open, gets no more.
    if (this.#refused.of(address) >= waitingPerAddressMax) {
      return refuseUpgrade(socket, '429 Too Many Requests');
    }
    const { origin } = request.headers;
    this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      const connection = new Connection({ ws, socket }, this.#options.config, this.#options.now());
      this.#opened({ connection, address, origin });
    });
  }

  /** From now on every upgrade is refused. Those let in go on. */
  close(): void {
    this.#isClosed = true;
    this.#sockets.close();
  }

  #opened({ connection, address, origin }: Opened): void {
    const { origins, waitingPerAddressMax: max } = this.#options.config;
    this.#options.metrics.connected();
    // Without an Origin it is no page of a browser, and nothing here rests on ambient rights.
    if (origin !== undefined && !isListedOrigin(origin, origins)) {
      const shown = origin.slice(0, ORIGIN_LENGTH_MAX);
      return this.#refuse(connection, address, new ChatError('origin_refused', { origin: shown }));
    }
    if (this.#waiting.of(address) >= max) {
      return this.#refuse(connection, address, new ChatError('too_many_connections', { max }));
    }
    this.#waiting.add(address);
    let isWaiting = true;
    const stopsWaiting = (): void => {
      if (isWaiting) this.#waiting.remove(address);
      isWaiting = false;
    };
    this.#options.admit({ connection, stopsWaiting });
  }

  #refuse(connection: Connection, address: string, error: ChatError): void {
    this.#refused.add(address);
    this.#options.metrics.refused(error.code);
    const closed = (): void => this.#refused.remove(address);
    const nothing = (): void => undefined;
    connection.listen(
      { text: nothing, binary: nothing, failed: nothing, closed },
      this.#options.now,
    );
    connection.queue(encode(errorOp({ error })));
    connection.close(closeCodeFor(error.code));
  }
}

interface Opened {
  readonly connection: Connection;
  readonly address: string;
  readonly origin: string | undefined;
}

const ORIGIN_LENGTH_MAX = 128;

function socketOptions({ frameBytesMax, closeMs }: Config): SocketOptions {
  return {
    noServer: true,
    clientTracking: false,
    // Deflate costs 130–210 KB per connection, and chat messages are short.
    perMessageDeflate: false,
    maxPayload: frameBytesMax,
    maxFragments: 16,
    maxBufferedChunks: 1024,
    maxPendingAutoPongs: 8,
    closeTimeout: closeMs,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  };
}
