import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { sessionDueAt, type SessionInput } from '../../../component/client/session.ts';
import { closed, error, SessionRun, token, welcome } from '../../support/session-run.ts';

describe('session while live', () => {
  test('after a bye it comes back within the time named, however long that is', () => {
    const run = new SessionRun().live().do(['bye', { op: 'bye', code: 'drain', afterMs: 90_000 }]);
    assert.equal(run.session.state, 'live', 'acks may still come');

    run.do(closed(1001));

    assert.equal(sessionDueAt(run.session) - run.now, 45_000);
  });

  test('pings at the heartbeat of the server, give or take a fifth', () => {
    for (const [random, factor] of [
      [0, 0.8],
      [0.5, 1],
      [0.999, 1.2],
    ] as const) {
      const run = new SessionRun();
      run.random = random;
      run.live({ heartbeatMs: 10_000 });
      assert.equal(Math.round((sessionDueAt(run.session) - run.now) / 100), factor * 100);
    }
  });

  test('two misses are the end, a sign of life is none', () => {
    const run = new SessionRun().live();
    run.wait().wait();
    assert.deepEqual(run.names, ['ping']);
    run.do('heard').wait().wait();
    assert.equal(run.session.state, 'live');

    run.wait();

    assert.equal(run.session.state, 'offline');
  });

  test('a heartbeat of nothing is no loop', () => {
    const run = new SessionRun().live({ heartbeatMs: 0 });

    assert.equal(sessionDueAt(run.session) - run.now, 1000);
  });

  test('waking probes once: five seconds for a sign of life', () => {
    const run = new SessionRun().live().do('wake');
    assert.deepEqual(run.names, ['ping']);
    assert.equal(sessionDueAt(run.session) - run.now, 5000);
    run.now += 4000;
    run.do('wake');
    assert.deepEqual(run.names, []);
    run.wait();
    assert.equal(run.session.state, 'offline');

    const alive = new SessionRun().live().do('wake', 'heard').wait();
    assert.equal(alive.session.state, 'live');
  });

  test('refreshes at four fifths of the life of the token, by the clock of the server', () => {
    const run = new SessionRun().live({
      now: 5_000_000,
      expiresAt: 5_010_000,
      heartbeatMs: 60_000,
    });
    assert.equal(sessionDueAt(run.session) - run.now, 8000);
    run.wait();
    assert.deepEqual(run.effects, [['fetchToken', 'later']]);

    run.do(token);
    assert.deepEqual(run.names, ['token']);
    run.do(welcome({ now: 5_009_000, expiresAt: 5_109_000 }));

    assert.deepEqual(run.names, ['welcomed']);
    assert.ok(run.session.state === 'live' && run.session.asking === undefined);
  });

  test('a refresh that brings nothing is tried again, not at once', () => {
    const run = new SessionRun()
      .live({ now: 0, expiresAt: 100_000, heartbeatMs: 1_000_000 })
      .wait();
    const refusal = { code: 'no_token', message: '' };
    run.do(['tokenFailed', refusal]);
    assert.equal(run.session.state, 'live');

    const ms = sessionDueAt(run.session) - run.now;
    assert.ok(ms >= 15_000 && ms <= 30_000);
  });

  test('nothing to refresh with: nothing is asked for', () => {
    const run = new SessionRun();
    run.mayRenew = false;
    run.live({ now: 0, expiresAt: 100, heartbeatMs: 25_000 });

    assert.equal(sessionDueAt(run.session) - run.now, 25_000);
  });

  test('an unanswered token op ends by itself', () => {
    const ask: SessionInput = ['ask', { token: 'x', name: 'Ada', why: 'name' }];
    const run = new SessionRun().live().do(ask);
    assert.equal(sessionDueAt(run.session) - run.now, 10_000);

    run.wait();

    assert.equal(run.session.state, 'live');
    assert.deepEqual(run.effects, [['named', { code: 'unavailable', message: 'unavailable' }]]);
  });

  test('one token op at a time: a fresh token waits while a name is asked for', () => {
    const ask: SessionInput = ['ask', { token: 'x', name: 'Ada', why: 'name' }];
    const run = new SessionRun().live().do(ask, token);
    assert.deepEqual(run.names, []);

    run.do(welcome());
    assert.deepEqual(run.names, ['welcomed', 'named']);
    assert.equal(run.effects[1]![1], undefined);
  });

  test('wrong_user greets anew, a refused set ends it, a refused refresh changes nothing', () => {
    const ask = (why: 'set' | 'refresh'): SessionInput => {
      return ['ask', { token: 'x', why }];
    };
    assert.equal(
      new SessionRun().live().do(ask('set'), error('wrong_user')).session.state,
      'authorizing',
    );
    assert.equal(
      new SessionRun().live().do(ask('set'), error('bad_token')).session.state,
      'refused',
    );
    assert.equal(
      new SessionRun().live().do(ask('refresh'), error('bad_token')).session.state,
      'live',
    );
  });
});
