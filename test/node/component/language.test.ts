import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { languageOf, startOfDay, untilMidnight } from '../../../component/element/language.ts';

const NOON = new Date(2024, 2, 5, 12).getTime();
const DAY = 24 * 3_600_000;

describe('languageOf', () => {
  it('fills in facts, and leaves a hole without one as it is', () => {
    const english = languageOf('en');

    assert.equal(english.say('log', { room: 'lobby' }), 'Messages in lobby');
    assert.equal(english.say('log'), 'Messages in {room}');
  });

  it('does not read facts that an object has by nature', () => {
    const odd = languageOf('en', { log: '{constructor} {toString}' });

    assert.match(odd.say('log', {}), /\{constructor\} \{toString\}/);
  });

  it('does not fill in what a fact says', () => {
    const odd = languageOf('en', { log: '{name}: {text}' });

    const words = odd.say('log', { name: '{text}', text: 'hi' });

    assert.equal(words, '{text}: hi');
  });

  it('chooses the plural form of its language', () => {
    const english = languageOf('en');
    const polish = languageOf('pl', {
      newMessages: { one: 'jedna', few: '{count} nowe', many: '{count} nowych', other: '?' },
    });

    assert.equal(english.say('newMessages', { count: 1 }), '1 new message');
    assert.equal(english.say('newMessages', { count: 0 }), '0 new messages');
    assert.equal(polish.say('newMessages', { count: 3 }), '3 nowe');
    assert.equal(polish.say('newMessages', { count: 5 }), '5 nowych');
  });

  it('falls back to English', () => {
    const empty = (tag: string): string => languageOf(tag).say('emptyTitle');

    assert.equal(empty('tlh'), 'Nothing here yet');
    assert.equal(empty('not a tag!'), 'Nothing here yet');
    assert.equal(empty(''), 'Nothing here yet');
  });

  it('keeps English together on a page from the right, but not the words of that page', () => {
    const persian = languageOf('fa-IR', { reconnected: 'وصل شدید.' });

    assert.equal(persian.say('emptyTitle'), '\u2066Nothing here yet\u2069');
    assert.equal(persian.say('newMessages', { count: 3 }), '\u20663 new messages\u2069');
    assert.equal(persian.say('reply', {}, 'Reply'), '\u2066Reply\u2069');
    assert.equal(persian.say('reconnected'), 'وصل شدید.');
    assert.equal(languageOf('fan').say('emptyTitle'), 'Nothing here yet');
  });

  it('puts the page’s words above its own', () => {
    const own = languageOf('en', { emptyTitle: 'Crickets' });

    assert.equal(own.say('emptyTitle'), 'Crickets');
    assert.equal(own.say('emptyText'), 'Say hello. Someone has to be first.');
  });

  it('has words for error codes, and those of the server for others', () => {
    const english = languageOf('en');

    assert.match(english.error({ code: 'guests_off', message: '' }), /^Guests cannot enter/);
    assert.equal(
      english.error({ code: 'full_moon', message: 'Wait.' }),
      'Something went wrong: Wait.',
    );
    assert.match(english.error({ code: 'constructor', message: 'x' }), /^Something went wrong/);
  });

  it('says times and days as its language does, also where English has the words', () => {
    const german = languageOf('de');

    assert.equal(german.time(NOON), '12:00');
    assert.equal(german.day(NOON, NOON + 7 * DAY), 'Dienstag, 5. März 2024');
    assert.match(german.moment(NOON), /Dienstag, 5\. März 2024 .* 12:00:00/);
  });

  it('calls days today and yesterday, whatever the hour', () => {
    const english = languageOf('en');
    const late = new Date(2024, 2, 5, 23, 59).getTime();
    const early = new Date(2024, 2, 6, 0, 1).getTime();

    assert.equal(english.day(late, late), 'Today');
    assert.equal(english.day(late, early), 'Yesterday');
    assert.equal(english.day(late, early + DAY), 'Tuesday, March 5, 2024');
  });
});

describe('days', () => {
  it('begin at local midnight', () => {
    assert.equal(startOfDay(NOON), new Date(2024, 2, 5).getTime());
    assert.equal(untilMidnight(NOON), 12 * 3_600_000);
  });
});
