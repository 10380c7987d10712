/**
 * Conversations to test with: the recorded ones if they are on this machine (MINI_CHAT_IRC_DATA, or
 * the folder beside the repository), else one that is made up here. Tests say which it was.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { type Line, parseIrc } from '../../scripts/irc.ts';
import { pick, seededRandom } from './seed.ts';

export type { Line } from '../../scripts/irc.ts';

interface Conversation {
  /** What it is, for the line that a test prints. */
  readonly name: string;
  readonly lines: readonly Line[];
}

const FOLDER =
  process.env['MINI_CHAT_IRC_DATA'] ??
  path.join(import.meta.dirname, '../../../shared/data/ubuntu-irc');

/** The recorded conversation whose file name has `part` in it, or a made-up one as long. */
export function conversation(part: string, linesMax: number): Conversation {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
  const file = files.find((name) => name.includes(part) && name.endsWith('.txt'));
  if (file === undefined) return madeUp(linesMax);
  const lines = parseIrc(readFileSync(path.join(FOLDER, file), 'utf8')).slice(0, linesMax);
  return { name: `${file}, ${lines.length} lines of ${nicksOf(lines).length} people`, lines };
}

/** Who speaks, in order of first words. */
export function nicksOf(lines: readonly Line[]): readonly string[] {
  return [...new Set(lines.map(({ nick }) => nick))];
}

const NICKS = ['|trey|', 'kylin_', 'Matt|', 'HrdwrBoB', 'o_0', 'ubotu', '大山', '__init__', 'a-b'];
const SAYINGS = [
  'hello  :)',
  ' which kernel is this?  ',
  'try *this* or **that**, not `both`',
  'see http://example.org/a_(b)?c=d&e=<f>',
  '* kylin_ shrugs ¯\\_(ツ)_/¯',
  '大家好 👩‍👩‍👧 e\u0301',
  '\t[OK]\u00a0/etc/fstab |tee -a "$x" && rm -rf ~~/*',
  '<b>no</b> &amp; "quotes" \u202eback\u202c',
];

/** The data cannot be in the repository; these lines have what makes the real ones hard. */
function madeUp(count: number): Conversation {
  const random = seededRandom(1);
  const lines = Array.from({ length: count }, (_, index) => {
    const text = `${pick(random, SAYINGS)}${random() < 0.5 ? index : ''}`;
    return { nick: pick(random, NICKS), text };
  });
  return { name: `made-up lines, as ${path.basename(FOLDER)} is not here (${count})`, lines };
}
