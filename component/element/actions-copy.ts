/** A message's text, or its address, into the clipboard. */

import type { SentRow } from './actions-deeds.ts';
import { say } from './actions-say.ts';
import type { PermalinkDetail } from './events.ts';
import type { Kit } from './kit.ts';

/** What it says, as it was written. */
export function copyText(kit: Kit, { text }: SentRow): void {
  void write(kit, text, say(kit, 'copyDone'));
}

/** The page may give its own address, or take the matter over by `preventDefault`. */
export function copyLink(kit: Kit, { seq }: SentRow): void {
  const detail: PermalinkDetail = {
    seq,
    room: kit.room?.id ?? '',
    url: `${location.href.split('#')[0]}#mini-chat-${seq}`,
  };
  const event = new CustomEvent('mini-chat-permalink', {
    detail,
    bubbles: true,
    composed: true,
    cancelable: true,
  });
  if (kit.host.dispatchEvent(event)) void write(kit, detail.url, say(kit, 'linkCopied'));
}

async function write(kit: Kit, text: string, done: string): Promise<void> {
  let fault: unknown;
  await navigator.clipboard.writeText(text).catch((error: unknown) => (fault = error));
  if (fault === undefined) kit.announce(done);
  else
    kit.attempt(() => {
      throw fault;
    });
}
