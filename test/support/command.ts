/** Runs a program to its end, its words going through to the terminal. */

import { spawn } from 'node:child_process';

/** Resolves with the exit code, or null after a signal. */
export async function runCommand(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null }> {
  const child = spawn(file, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code };
}
