/** The keyboard in the log: one tab stop, arrows between messages, Enter into one, Esc out. */

const ROW = '.row';
const CONTROLS = 'a[href],button:enabled';

/** Moves the focus for a key pressed in the log. `leave` is where Esc goes. */
export function handleLogKey(event: KeyboardEvent, leave: () => void): void {
  const { key, target, currentTarget } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (!(target instanceof HTMLElement) || !(currentTarget instanceof HTMLElement)) return;
  const row = target.closest<HTMLElement>(ROW);
  const isInRow = row !== null && row !== target;
  if (key === 'Escape') {
    if (isInRow) row.focus();
    else leave();
  } else if (key === 'Enter' && row === target) {
    row.querySelector<HTMLElement>(CONTROLS)?.focus();
  } else {
    // Inside a row the arrows walk its links and buttons, outside of it the rows.
    const among = isInRow ? row.querySelectorAll(CONTROLS) : currentTarget.querySelectorAll(ROW);
    const next = step(key, [...among] as HTMLElement[], target);
    if (next === undefined) return;
    next.focus();
  }
  event.preventDefault();
}

/** How far each key goes; to the first and the last one by more than there can be. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  Home: -1e9,
  End: 1e9,
};

function step(key: string, all: HTMLElement[], current: HTMLElement): HTMLElement | undefined {
  const index = all.indexOf(current);
  const by = STEPS[key];
  if (index < 0 || by === undefined) return undefined;
  return all[Math.max(0, Math.min(index + by, all.length - 1))];
}

/** Links come from message text; only the row itself is a tab stop, and Enter leads to them. */
export function takeLinksOffTab(list: ParentNode): void {
  for (const link of list.querySelectorAll<HTMLElement>('.text a:not([tabindex])')) {
    link.tabIndex = -1;
  }
}
