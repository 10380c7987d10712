/** The index of docs/decisions, made from the records themselves. */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One record. */
export interface Decision {
  readonly file: string;
  readonly number: number;
  readonly title: string;
  readonly status: string;
  readonly text: string;
}

/** The records of a folder by number. */
export function readDecisions(folder: string): readonly Decision[] {
  const files = globSync('[0-9][0-9][0-9][0-9]-*.md', { cwd: folder }).sort();
  return files.map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const [, title = ''] = /^# (?:\d+[.:]? )?(.+)$/m.exec(text) ?? [];
    const [, status = ''] = /^## Status\s+(.+)$/m.exec(text) ?? [];
    return { file, number: Number(file.slice(0, 4)), title, status, text };
  });
}

/** A Markdown table of them. */
export function decisionIndex(folder: string): string {
  const rows = readDecisions(folder).map(
    ({ file, number, title, status }) => `| ${number} | [${title}](${file}) | ${status} |`,
  );
  return ['| No. | Decision | Status |', '| --- | --- | --- |', ...rows].join('\n');
}
