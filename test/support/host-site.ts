/** The site that a chat is embedded in: pages of a test's own, on an origin of their own. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface HostPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class HostSite {
  readonly #server: Server;
  readonly #pages = new Map<string, HostPage>();

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      const page = this.#pages.get(request.url ?? '');
      // Browsers ask for an icon; a 404 for it would be a complaint in the console.
      response.writeHead(page === undefined ? 204 : 200, {
        'Content-Type': 'text/html; charset=utf-8',
        ...page?.headers,
      });
      response.end(page?.html ?? '');
    });
  }

  static async open(): Promise<HostSite> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostSite(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds a page and returns its address. */
  add(html: string, headers: Readonly<Record<string, string>> = {}): string {
    const path = `/page-${this.#pages.size + 1}`;
    this.#pages.set(path, { html, headers });
    return this.origin + path;
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
