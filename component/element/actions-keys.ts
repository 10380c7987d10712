/** The arrow keys in a menu: a line of quick reactions, then one thing per line. */

/** How far each key goes; to the first and the last one by more than there can be. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
  Home: -1e9,
  End: 1e9,
};

/** Moves the focus among a menu's buttons, round at its ends, or to what begins with a letter. */
export function stepKey(event: KeyboardEvent, buttons: readonly HTMLElement[]): void {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const index = buttons.indexOf(target as HTMLElement);
  const current = buttons[index];
  const next =
    key in STEPS
      ? stepFrom(buttons, index, directed(key, current))
      : beginningWith(key, buttons, index);
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
}

/** Left is forward where people write from right to left. */
function directed(key: string, current: HTMLElement | undefined): string {
  const isRtl = current !== undefined && getComputedStyle(current).direction === 'rtl';
  if (!isRtl || !/Left|Right/.test(key)) return key;
  return key === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
}

function stepFrom(
  buttons: readonly HTMLElement[],
  index: number,
  key: string,
): HTMLElement | undefined {
  const by = STEPS[key] ?? 0;
  if (Math.abs(by) > 1) return by < 0 ? buttons[0] : buttons.at(-1);
  const isQuick = (i: number): boolean => buttons[i]?.classList.contains('face') ?? false;
  // Up and down, the line of reactions is one stop: the one in focus, else the first.
  const stop = isQuick(index) ? index : 0;
  const isVertical = key === 'ArrowUp' || key === 'ArrowDown';
  const stops = buttons.filter((_, i) => !isVertical || !isQuick(i) || i === stop);
  const from = stops.findIndex((one) => one === buttons[index]);
  return stops.at((from + by) % stops.length);
}

function beginningWith(
  key: string,
  buttons: readonly HTMLElement[],
  index: number,
): HTMLElement | undefined {
  if (key.length !== 1 || key === ' ') return undefined;
  const after = [...buttons.slice(index + 1), ...buttons.slice(0, index + 1)];
  return after.find((one) => one.textContent.trim().toLowerCase().startsWith(key.toLowerCase()));
}
