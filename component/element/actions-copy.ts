/** A message's text, or its address, into the clipboard. */

import type { SentRow } from './actions-deeds.ts';
import { say } from './actions-say.ts';
import { fire, type PermalinkDetail } from './events.ts';
import type { Kit } from './kit.ts';

/** What it says, as it was written. */
export function copyText(kit: Kit, { text }: SentRow): void {
  void write(kit, text, say(kit, 'copyDone'));
}

/** The page may give its own address, or take the matter over by `preventDefault`. */
export function copyLink(kit: Kit, { seq }: SentRow): void {
  const room = kit.room?.id ?? '';
  const url = `${location.href.split('#')[0]}#mini-chat-${room}-${seq}`;
  const detail: PermalinkDetail = { seq, room, url };
  if (fire(kit.host, 'mini-chat-permalink', detail))
    void write(kit, detail.url, say(kit, 'linkCopied'));
}

async function write(kit: Kit, text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    kit.announce(done);
  } catch (error) {
    // The browser said no (a policy, or no focus): the reader hears it, the page is told.
    kit.announce(say(kit, 'copyFailed'));
    fire(kit.host, 'mini-chat-error', { code: 'copy', message: String(error) });
  }
}
