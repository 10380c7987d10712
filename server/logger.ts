/**
 * The log: JSON lines on stderr, by pino. Callers give ids and codes, never a message's text and
 * never a token; a test looks for both in all that a busy server logs.
 */

import { destination, pino } from 'pino';
import type { LogLevel } from './settings.ts';

/** The part of pino that the server uses; a host may give its own. */
export interface Logger {
  debug(facts: object, words: string): void;
  info(facts: object, words: string): void;
  warn(facts: object, words: string): void;
  error(facts: object, words: string): void;
}

/** Writes synchronously, so that the last lines before an exit are not lost. */
export function createLogger(level: LogLevel): Logger {
  const serializers = { err: (error: unknown) => errorFacts(error, CAUSES_MAX) };
  return pino({ level, base: null, serializers }, destination({ fd: 2, sync: true }));
}

const CAUSES_MAX = 4;

/**
 * What may be logged of an error. Fields are named one by one: a database driver hangs the whole
 * document that it failed to write on its errors, text and all.
 */
function errorFacts(error: unknown, causesLeft: number): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? { code: error.code } : {};
  if (cause === undefined || causesLeft === 0) return { type: name, ...code, message, stack };
  return { type: name, ...code, message, stack, cause: errorFacts(cause, causesLeft - 1) };
}
