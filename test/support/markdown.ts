/** What the tests of documents read in them. */

/** A fenced block: what its first line calls it, and its text. */
export interface Fence {
  readonly language: string;
  readonly text: string;
  /** The nearest heading above. */
  readonly heading: string;
}

/** All fenced blocks of a document, in order. */
export function fencesOf(markdown: string): readonly Fence[] {
  const found: Fence[] = [];
  let heading = '';
  let open: { language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const [, language = ''] = /^```(.*)$/.exec(line) ?? [];
    const isMark = line.startsWith('```');
    if (isMark && open === undefined) open = { language: language.trim(), lines: [] };
    else if (isMark && open !== undefined) {
      found.push({ language: open.language, text: open.lines.join('\n'), heading });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line);
    else heading = /^#+ (.+)$/.exec(line)?.[1] ?? heading;
  }
  return found;
}

/** Where a document's links lead. */
export interface Link {
  readonly words: string;
  readonly to: string;
}

/** Links to files, pictures included; not those to other servers or inside the page. */
export function linksOf(markdown: string): readonly Link[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return [...prose.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)]
    .map(([, words = '', to = '']) => ({ words, to: to.split('#')[0] ?? '' }))
    .filter(({ to }) => to !== '' && !/^[a-z]+:/.test(to));
}

/** The text of `## heading` up to the next heading of its kind or above; undefined without one. */
export function sectionOf(markdown: string, heading: string): string | undefined {
  const lines = markdown.split('\n');
  const from = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  if (from === -1) return undefined;
  const depth = /^#+/.exec(lines[from] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(from + 1);
  const to = rest.findIndex((line) => (/^#+(?= )/.exec(line)?.[0].length ?? 9) <= depth);
  return rest.slice(0, to === -1 ? undefined : to).join('\n');
}
