/** Conversations for the scenes: ordinary ones, and ones that try what text can do. */

import type { RowReaction } from '../component/client/client.ts';
import { type Line, userOf } from '../test/support/fake-room.ts';

const ada = userOf('Ada Lovelace');
const grace = userOf('Grace Hopper', 'moderator');
const linus = userOf('linus');
const barbara = userOf('Barbara Liskov');
const kim = userOf('Kim', 'guest');
const yuki = userOf('雪 Yuki', 'guest');

/** Noon today, so that pictures do not depend on the hour they are made. */
function noon(daysAgo = 0): number {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() - daysAgo, 12).getTime();
}

const MINUTE = 60_000;

/** A few people planning a day out: what a small room looks like. */
export function talk(): Line[] {
  const start = noon(1);
  const today = noon();
  return [
    { by: grace, at: start, text: 'Morning all. The boat leaves at **six**, not at seven.' },
    { by: grace, at: start + MINUTE, text: 'I have put the tickets in the shared folder.' },
    { by: kim, at: start + 3 * MINUTE, text: 'Perfect, thank you! 🙏' },
    { by: linus, at: start + 9 * MINUTE, text: 'Is there room for one more?' },
    {
      by: barbara,
      at: today - 40 * MINUTE,
      text: 'The weather looks kind: https://example.org/forecast',
    },
    { by: barbara, at: today - 39 * MINUTE, text: 'Bring something warm anyway.' },
    { by: ada, at: today - 30 * MINUTE, text: 'There is, I asked. We are eight then.' },
    { by: ada, at: today - 29 * MINUTE, text: 'Who brings the *sandwiches*?' },
    { by: yuki, at: today - 5 * MINUTE, text: 'おにぎりを作ります' },
    { by: yuki, at: today - 4 * MINUTE, text: '🍙🍙' },
    { by: grace, at: today - MINUTE, text: 'You are the best. See you at the pier.' },
  ];
}

/** What people do with messages: reactions, replies, edits, a pin, a deletion, a mention. */
export function livelyTalk(): Line[] {
  const [first, tickets, thanks, question, ...rest] = talk();
  if (!first || !tickets || !thanks || !question) return [];
  const quote = { seq: 1, user: grace, text: first.text };
  return [
    { ...first, more: { pinned: true, reactions: [liked(3), { ...liked(14), emoji: '🎉' }] } },
    { ...tickets, more: { edited: tickets.at + MINUTE } },
    { ...thanks, more: { replyTo: 1, quote } },
    { ...question, text: 'Is there room for one more, @Ada Lovelace?' },
    { ...question, at: question.at + MINUTE, text: '', more: { deleted: true } },
    { by: grace, at: noon() - 50 * MINUTE, text: 'Harbour day is on', more: { kind: 'notice' } },
    ...rest.slice(0, 2),
    {
      by: ada,
      at: noon() - 20 * MINUTE,
      text: 'I looked. That one is not there any more.',
      more: {
        replyTo: 2,
        quote: 'gone',
        edited: noon(),
        reactions: [{ ...liked(1), mine: false }],
      },
    },
  ];
}

/** A thumb of as many people, this reader among them. */
function liked(count: number): RowReaction {
  const users = [ada, linus, barbara].slice(0, count);
  return { emoji: '👍', count, users, mine: true };
}

/** Enough to scroll. */
export function planning(): Line[] {
  return [3, 2, 1].flatMap((days) =>
    talk().map((line, i) => ({ ...line, at: noon(days) + i * 2 * MINUTE })),
  );
}

/** Long words, code, lists, quotes, a long name. */
export function longTalk(): Line[] {
  const at = noon();
  const long = userOf('Maximiliane-Wilhelmine von Hohenstaufen-Sigmaringen', 'guest');
  return [
    { by: long, at: at - 9 * MINUTE, text: 'Donaudampfschifffahrtsgesellschaftskapitän'.repeat(4) },
    { by: long, at: at - 8 * MINUTE, text: `https://example.org/${'very-long-path/'.repeat(12)}` },
    {
      by: linus,
      at: at - 7 * MINUTE,
      text:
        'This is what I run, `--port` first:\n```sh\nnpx mini-chat-server --port 8888 ' +
        '--data /var/lib/mini-chat --origins https://example.org,https://shop.example.org\n```\n' +
        'and it just *works*.',
    },
    {
      by: grace,
      at: at - 6 * MINUTE,
      text:
        '> Is there a limit?\n\nThere is one for everything:\n\n- 4000 characters\n' +
        '- 50 rooms\n- 5 messages a second\n\n1. Write\n2. **Read**\n3. Repeat',
    },
    { by: ada, at: at - 5 * MINUTE, text: 'A paragraph long enough to wrap. '.repeat(8).trim() },
    { by: ada, at: at - 4 * MINUTE, text: '```\nown code\n```' },
  ];
}

/** Right to left, with left-to-right names, numbers and a link in between. */
export function arabicTalk(): Line[] {
  const at = noon();
  const layla = userOf('ليلى', 'moderator');
  const omar = userOf('عمر', 'guest');
  return [
    { by: layla, at: at - 20 * MINUTE, text: 'صباح الخير! القارب يغادر الساعة 6:00 وليس 7:00.' },
    { by: layla, at: at - 19 * MINUTE, text: 'التذاكر في https://example.org/tickets' },
    { by: omar, at: at - 12 * MINUTE, text: 'شكرًا **جزيلًا**' },
    { by: ada, at: at - 6 * MINUTE, text: 'I will bring the sandwiches.' },
    { by: ada, at: at - 5 * MINUTE, text: 'أراكم على الرصيف' },
  ];
}
