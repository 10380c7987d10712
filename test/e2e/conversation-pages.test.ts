import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ChatClient, type Room } from '../../component/client/client.ts';
import { until } from '../../scripts/fill.ts';
import type { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { conversation, type Line, nicksOf } from '../support/irc.ts';
import { contentOf } from '../support/markup-form.ts';

const world = useWorld();

/** Fewer than the log keeps in the document, so that a page shows them all at once. */
const LINES = 140;

/** Who says most, first. */
function talkers(lines: readonly Line[]): readonly string[] {
  const count = (nick: string): number => lines.filter((line) => line.nick === nick).length;
  return nicksOf(lines).toSorted((a, b) => count(b) - count(a));
}

describe('A recorded conversation in two browsers', () => {
  it('is shown alike, line by line, by the pages of the two who talk most', async (t) => {
    const { name, lines } = conversation('2005', LINES);
    t.diagnostic(name);
    const [one = '', two = '', ...others] = talkers(lines);
    const pages = new Map<string, ChatPage>();
    for (const nick of [one, two]) {
      const page = await world().open('ubuntu', { attributes: `name="${nick}"` });
      await page.live();
      pages.set(nick, page);
    }
    const rooms = new Map<string, Room>();
    for (const nick of [...others, 'observer']) rooms.set(nick, joined(nick));
    const observer = rooms.get('observer');

    for (const [index, { nick, text }] of lines.entries()) {
      await pages.get(nick)?.say(text);
      rooms.get(nick)?.send(text);
      await until(observer, ({ head }) => head === index + 1);
    }

    assert.deepEqual(
      observer?.snapshot.rows.map(({ user, text }) => ({ nick: user.name, text })),
      lines,
    );
    const wanted = lines.map(({ nick, text }) => ({ nick, text: contentOf(text) }));
    for (const page of pages.values()) {
      await page.counts('.row.sent', lines.length);
      await page.tells(wanted);
      assert.deepEqual(page.complaints, []);
    }

    function joined(nick: string): Room {
      const client = new ChatClient({ server: world().server.url, name: nick, storage: null });
      t.after(() => client.close());
      const room = client.room('ubuntu');
      room.join();
      return room;
    }
  });
});
