/** Scrolls a chat's log to where the next older page is asked for, and watches the reader's row. */

import type { Page } from 'playwright-core';

/** Resolves with the most pixels that the row under the eye moved while older rows came in. */
export function pageBack(page: Page): Promise<number> {
  return page.evaluate(async () => {
    // What was painted, not what was about to be: a task after the frame's own work.
    const frame = (): Promise<void> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    const log = document.querySelector('mini-chat')?.shadowRoot?.querySelector('.log');
    if (log == null) throw new Error('There is no log.');
    const keyOf = (): string => log.querySelector<HTMLElement>('.row')?.dataset['key'] ?? '';
    const oldest = keyOf();
    log.scrollTop = 150;
    await frame();
    const top = log.getBoundingClientRect().top;
    const rows = [...log.querySelectorAll('.row')];
    const anchor = rows.find((row) => row.getBoundingClientRect().bottom > top + 40);
    const before = anchor?.getBoundingClientRect().top ?? NaN;
    let moved = 0;
    let framesAfter = 0;
    for (let frames = 0; framesAfter < 20 && frames < 600; frames += 1) {
      await frame();
      moved = Math.max(moved, Math.abs((anchor?.getBoundingClientRect().top ?? NaN) - before));
      const isDone =
        keyOf() !== oldest || log.querySelector('.top')?.textContent.includes('begins');
      if (isDone === true) framesAfter += 1;
    }
    return moved;
  });
}
