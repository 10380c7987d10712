import assert from 'node:assert/strict';
import { describe, it, mock, type TestContext } from 'node:test';

import { Announcer } from '../../../component/element/announcer.ts';

function announcer(t: TestContext): { spoken(): readonly string[]; announcer: Announcer } {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  t.after(() => mock.timers.reset());
  const one = new Announcer(
    () => undefined,
    (count) => `${count} new`,
  );
  return { announcer: one, spoken: () => one.sentences.map(({ text }) => text) };
}

describe('Announcer', () => {
  it('reads up to three messages out, soon', (t) => {
    const { announcer: one, spoken } = announcer(t);

    for (const text of ['a', 'b', 'c']) one.hear(text);
    const atOnce = spoken();
    mock.timers.tick(500);

    assert.deepEqual(atOnce, []);
    assert.deepEqual(spoken(), ['a', 'b', 'c']);
  });

  it('counts more than three', (t) => {
    const { announcer: one, spoken } = announcer(t);

    for (const text of ['a', 'b', 'c', 'd', 'e']) one.hear(text);
    mock.timers.tick(500);

    assert.deepEqual(spoken(), ['5 new']);
  });

  it('does not wait for a pause that never comes', (t) => {
    const { announcer: one, spoken } = announcer(t);

    for (let ms = 0; ms < 2000; ms += 400) {
      one.hear('more');
      mock.timers.tick(400);
    }

    assert.deepEqual(spoken(), ['5 new']);
  });

  it('says the same sentence twice as two', (t) => {
    const { announcer: one } = announcer(t);

    one.say('Copied');
    one.say('Copied');

    assert.equal(new Set(one.sentences.map(({ key }) => key)).size, 2);
  });

  it('keeps only the last few, so that it is no second log', (t) => {
    const { announcer: one, spoken } = announcer(t);

    for (let i = 0; i < 20; i += 1) one.say(`${i}`);

    assert.deepEqual(spoken(), ['16', '17', '18', '19']);
  });

  it('says nothing after it was closed', (t) => {
    const { announcer: one, spoken } = announcer(t);
    one.hear('a');

    one.close();
    mock.timers.tick(5000);

    assert.deepEqual(spoken(), []);
  });
});
