/** The keyboard in the log: one tab stop, arrows between messages, Enter into one, Esc out. */

const ROW = '.row';
const CONTROLS = 'a[href], button';

/** Moves the focus for a key pressed in the log. `leave` is where Esc goes. */
export function handleLogKey(event: KeyboardEvent, log: Element, leave: () => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const { target } = event;
  if (!(target instanceof Element)) return;
  const row = target.closest(ROW);
  const move = row === target ? fromRow(event.key, row, log) : fromControl(event.key, target, row);
  if (move === undefined && event.key !== 'Escape') return;
  event.preventDefault();
  if (move instanceof HTMLElement) move.focus();
  else if (event.key === 'Escape') leave();
}

/** Null: the key is ours, and there is nowhere to go. */
function fromRow(key: string, row: Element, log: Element): Element | null | undefined {
  switch (key) {
    case 'ArrowDown':
      return neighbour(row, 'nextElementSibling');
    case 'ArrowUp':
      return neighbour(row, 'previousElementSibling');
    case 'Home':
      return log.querySelector(ROW);
    case 'End':
      return [...log.querySelectorAll(ROW)].at(-1);
    case 'Enter':
      return row.querySelector(CONTROLS);
    default:
      return undefined;
  }
}

function fromControl(
  key: string,
  control: Element,
  row: Element | null,
): Element | null | undefined {
  const controls = [...(row?.querySelectorAll(CONTROLS) ?? [])];
  const index = controls.indexOf(control);
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return controls[index + 1] ?? controls[0];
    case 'ArrowLeft':
    case 'ArrowUp':
      return controls.at(index - 1);
    case 'Escape':
      return row;
    default:
      return undefined;
  }
}

function neighbour(
  row: Element,
  side: 'nextElementSibling' | 'previousElementSibling',
): Element | null {
  let next = row[side];
  while (next !== null && !next.matches(ROW)) next = next[side];
  return next;
}

/** Links come from message text; only the row itself is a tab stop, and Enter leads to them. */
export function takeLinksOffTab(list: Element): void {
  for (const link of list.querySelectorAll<HTMLElement>('a[href]:not([tabindex])')) {
    link.tabIndex = -1;
  }
}
