/**
 * Runs a program for as long as its own stdin stays open. The pipe closes with the process that
 * holds the other end, however that one ends, so no database outlives the tests that started it.
 * Usage: leash.ts PROGRAM ARGUMENT…
 */

import { spawn } from 'node:child_process';

const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

child.once('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  process.exit(127);
});
child.once('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)));
process.stdin.once('end', () => child.kill('SIGKILL'));
process.stdin.resume();
