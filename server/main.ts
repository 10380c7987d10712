#!/usr/bin/env node
/** The bin: arguments, what is printed, signals and exit codes; nothing else. */

import { setFlagsFromString } from 'node:v8';
import { hostKeyOf, start, type RunningServer } from './app.ts';
import { ConfigError, helpText, readCommand } from './config.ts';
import { NOT_BUILT, readVersion } from './element-file.ts';
import type { Config } from './settings.ts';
import { mintToken } from './token-command.ts';

const EXIT_USAGE = 2;
const EXIT_FAILED = 1;

async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2), process.env);
  switch (command.name) {
    case 'help':
      process.stdout.write(helpText());
      return;
    case 'version':
      process.stdout.write(`${await ownVersion()}\n`);
      return;
    case 'token': {
      const key = await hostKeyOf(command.config);
      const audience = command.config.jwtAudience;
      process.stdout.write(
        `${await mintToken(command.claims, { key, audience, now: Date.now() })}\n`,
      );
      return;
    }
    case 'serve':
      return serve(command.config);
  }
}

async function serve(config: Config): Promise<void> {
  // V8 lets the space for new objects grow to some 100 MB while thousands come in at once, and then
  // keeps it: more than half of what an idle connection cost. What is sent leaves little garbage,
  // so more frequent, smaller collections cost nothing that could be measured.
  setFlagsFromString('--semi-space-growth-factor=1');
  const server = await start(config);
  let isDraining = false;
  const stop = (): void => {
    // Whoever asks twice does not want to wait.
    if (isDraining) process.exit(EXIT_FAILED);
    isDraining = true;
    server.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.stdout.write(banner(server, await ownVersion()));
  if (!server.isElementBuilt) process.stderr.write(`mini-chat-server: ${NOT_BUILT}\n`);
}

function banner({ url, place }: RunningServer, version: string): string {
  const shown = url.replace('//127.0.0.1:', '//localhost:');
  return [
    `mini-chat ${version} is at ${shown}`,
    '',
    `  <script type="module" src="${shown}/mini-chat.js"></script>`,
    '  <mini-chat room="lobby"></mini-chat>',
    '',
    `Messages are kept in ${place}`,
    '',
  ].join('\n');
}

/** The package's, whether this file runs from sources or from `dist`. */
function ownVersion(): Promise<string> {
  return readVersion(import.meta.resolve('mini-chat-server/package.json'));
}

function fail(error: unknown): never {
  process.stderr.write(`mini-chat-server: ${oneLine(error)}\n`);
  process.exit(error instanceof ConfigError ? EXIT_USAGE : EXIT_FAILED);
}

function oneLine(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isTaken = 'code' in error && error.code === 'EADDRINUSE';
  if (isTaken) return `--port: ${error.message.replace(/^.*EADDRINUSE: /, '')}`;
  return error.message.split('\n')[0] ?? error.name;
}

main().catch(fail);
