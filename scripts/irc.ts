/** Reads recorded IRC: `[12:18] <nick> text`, `[12:18]  * nick does`, `===` for all the rest. */

/** One thing that somebody said. */
export interface Line {
  readonly nick: string;
  /** Byte for byte as recorded, with the blanks at both ends. */
  readonly text: string;
}

const SAID = /^\[\d\d:\d\d\] <([^>]+)> (.*)$/u;
/** `/me` in IRC. Its text keeps the asterisk and the nick, as people saw it. */
const DONE = /^\[\d\d:\d\d\] {1,2}(\* (\S+) .*)$/u;

/** What was said, in order. Joins, renames and lines without a visible character are left out. */
export function parseIrc(source: string): readonly Line[] {
  return source.split('\n').flatMap((line) => {
    const said = SAID.exec(line);
    if (said !== null) return lineOf(said[1]?.trim(), said[2]);
    const done = DONE.exec(line);
    return done === null ? [] : lineOf(done[2], done[1]);
  });
}

function lineOf(nick = '', text = ''): readonly Line[] {
  return text.trim() === '' ? [] : [{ nick, text }];
}
