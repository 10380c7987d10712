/** An app of demo/ as its user has it: built by its own command, served by a site of its own. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import express from 'express';

import { hostToken } from './host-tokens.ts';
import { command } from './packed.ts';
import { temporaryFolder } from './server-process.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const VITE = path.join(ROOT, 'node_modules/vite/bin/vite.js');

/** A folder of demo/. */
export type AppName = 'react' | 'svelte' | 'vue';

export class BuiltApp implements AsyncDisposable {
  readonly #server: Server;
  readonly #folder: AsyncDisposable;

  private constructor(server: Server, folder: AsyncDisposable) {
    this.#server = server;
    this.#folder = folder;
  }

  /** As it is deployed. Rejects with what its type check or its build said. */
  static async open(name: AppName, chatServer: string): Promise<BuiltApp> {
    const run = ['run', 'build', '-w', `demo/${name}`, '--'];
    return BuiltApp.#make(name, 'npm', run, { VITE_CHAT_SERVER: chatServer });
  }

  /** As its author sees it: frameworks warn, and React mounts everything twice. */
  static async openForAuthor(name: AppName, chatServer: string): Promise<BuiltApp> {
    const run = [VITE, 'build', `demo/${name}`, '--mode', 'development'];
    const env = { VITE_CHAT_SERVER: chatServer, NODE_ENV: 'development' };
    return BuiltApp.#make(name, process.execPath, run, env);
  }

  static async #make(
    name: AppName,
    file: string,
    run: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<BuiltApp> {
    const folder = await temporaryFolder();
    const { code, output } = await command(file, [...run, '--outDir', folder.dir], ROOT, env);
    if (code !== 0) throw new Error(output);
    const site = express();
    site.use(express.static(folder.dir));
    site.get('/chat-token', async (_request, response) => {
      response.type('text').send(await hostToken({ sub: name, name: `Ann of ${name}` }));
    });
    const server = createServer(site).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BuiltApp(server, folder);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    await this.#folder[Symbol.asyncDispose]();
  }
}
