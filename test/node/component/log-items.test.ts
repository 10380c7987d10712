import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { itemsOf } from '../../../component/element/log-items.ts';
import { type Line, rowOf, userOf } from '../../support/fake-room.ts';

const NOON = new Date(2024, 2, 5, 12).getTime();
const MINUTE = 60_000;
const grace = userOf('Grace');

function rowsOf(...lines: readonly Partial<Line>[]) {
  return lines.map((line, i) => rowOf({ by: grace, text: 'x', at: NOON + i, ...line }, i + 1));
}

/** `[` begins a run, `]` ends it, `=` is a day, `*` the line above what is unread. */
function drawing(
  rows: ReturnType<typeof rowsOf>,
  seams: readonly string[] = [],
  start = 0,
  firstUnread?: string,
): string {
  return itemsOf({ rows, start, end: rows.length }, new Set(seams), firstUnread)
    .map((item) => {
      if (item.kind === 'day') return '=';
      if (item.kind === 'unread') return '*';
      return `${item.isFirst ? '[' : ''}${item.row.seq}${item.isLast ? ']' : ''}`;
    })
    .join(' ');
}

describe('itemsOf', () => {
  it('is empty for an empty log', () => assert.equal(drawing([]), ''));

  it('makes one run of what one author says within minutes', () => {
    assert.equal(drawing(rowsOf({}, {}, {})), '= [1 2 3]');
  });

  it('ends a run with another author, another name or another role', () => {
    const renamed = { ...grace, name: 'Amazing Grace' };
    const promoted = { ...renamed, role: 'moderator' as const };

    const rows = rowsOf({}, { by: userOf('Linus') }, {}, { by: renamed }, { by: promoted });

    assert.equal(drawing(rows), '= [1] [2] [3] [4] [5]');
  });

  it('ends a run with a pause', () => {
    const rows = rowsOf({ at: NOON }, { at: NOON + 4 * MINUTE }, { at: NOON + 10 * MINUTE });

    assert.equal(drawing(rows), '= [1 2] [3]');
  });

  it('ends a run and names the day at midnight', () => {
    const midnight = new Date(2024, 2, 6).getTime();

    const rows = rowsOf({ at: midnight - 1 }, { at: midnight });

    assert.equal(drawing(rows), '= [1] = [2]');
  });

  it('puts what the room says between runs', () => {
    const rows = rowsOf({}, { more: { kind: 'notice' } }, {});

    assert.equal(drawing(rows), '= [1] [2] [3]');
  });

  it('puts the line above the first unread row, below its day', () => {
    const rows = rowsOf({}, {}, {});

    assert.equal(drawing(rows, [], 0, rows[1]?.key), '= [1 * 2 3]');
    assert.equal(drawing(rows, [], 0, rows[0]?.key), '= * [1 2 3]');
  });

  it('begins a run at a seam, whatever is above it', () => {
    const rows = rowsOf({}, {}, {});

    assert.equal(drawing(rows, [rows[1]?.key ?? '']), '= [1] [2 3]');
  });

  it('looks at the neighbour above the range, too, so that scrolling changes no header', () => {
    assert.equal(drawing(rowsOf({}, {}, {}), [], 1), '= 2 3]');
  });

  it('gives each item a key of its own, also when clocks disagree about the day', () => {
    const rows = rowsOf({ at: NOON }, { at: NOON - 24 * 60 * MINUTE }, { at: NOON });

    const keys = itemsOf({ rows, start: 0, end: 3 }, new Set()).map(({ key }) => key);

    assert.equal(new Set(keys).size, keys.length);
  });
});
