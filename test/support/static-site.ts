/** A file server as any other, with the files a page needs and no chat server anywhere. */

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../..');

/** By address: a demo page with what is beside it where somebody has put it. */
const files: ReadonlyMap<string, readonly [file: string, type: string]> = new Map([
  ['/no-server.html', ['demo/no-server.html', 'text/html; charset=utf-8']],
  ['/demo.css', ['demo/demo.css', 'text/css']],
  ['/favicon.svg', ['demo/favicon.svg', 'image/svg+xml']],
  ['/mini-chat.js', ['component/dist/mini-chat.min.js', 'text/javascript']],
  ['/mini-chat-actions.js', ['component/dist/mini-chat-actions.js', 'text/javascript']],
  ['/mini-chat-demo.js', ['component/dist/mini-chat-demo.js', 'text/javascript']],
]);

/** As strict as the page itself, and from the server too. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export class StaticSite {
  /** What was asked for, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', ({ url = '' }, response) => {
      const [address = ''] = url.split('?');
      this.asked.push(address);
      const [file, type] = files.get(address) ?? [];
      if (file === undefined || type === undefined) {
        response.writeHead(404).end();
        return;
      }
      readFile(path.join(ROOT, file)).then(
        (bytes) => {
          response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
          response.end(bytes);
        },
        () => response.writeHead(500).end(),
      );
    });
  }

  static async open(): Promise<StaticSite> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StaticSite(server);
  }

  get page(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/no-server.html`;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
