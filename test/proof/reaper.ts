/**
 * Ends processes whose parent is gone. Reads lines `+pid` and `-pid`; when its stdin closes,
 * however that came, it ends every process that was added and not taken away.
 */

import { createInterface } from 'node:readline';

const pids = new Set<number>();

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) pids.add(pid);
  else pids.delete(pid);
});
lines.once('close', () => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself, which is as good.
    }
  }
});
