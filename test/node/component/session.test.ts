import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import { sessionDueAt, type SessionInput } from '../../../component/client/session.ts';
import { seedOfRun } from '../../support/seed.ts';
import { closed, error, SessionRun, token, welcome } from '../../support/session-run.ts';

describe('session', () => {
  test('a minute of health makes the next wait short; less does not', () => {
    const short = new SessionRun()
      .do('start', token, closed())
      .wait()
      .do(token, closed())
      .wait()
      .do(token, 'opened', welcome());
    short.now += 59_000;
    short.do(closed());
    assert.equal(sessionDueAt(short.session) - short.now, 500);

    short.wait().do(token, 'opened', welcome());
    short.now += 60_000;
    short.do(closed());
    assert.equal(sessionDueAt(short.session) - short.now, 250);
  });

  test('waking ends a wait, and starts nothing that is under way or refused', () => {
    assert.equal(
      new SessionRun().do('start', token, closed(), 'wake').session.state,
      'authorizing',
    );
    assert.equal(new SessionRun().do('start', token, 'wake').session.state, 'connecting');
    assert.equal(new SessionRun().live().do(closed(4403), 'wake').session.state, 'refused');
    assert.equal(new SessionRun().do('wake').session.state, 'closed');
  });

  test('codes that say never are refused, from a greeting and from live', () => {
    for (const code of ['forbidden', 'guests_off', 'origin_refused', 'bad_version']) {
      for (const run of [new SessionRun().do('start', token, 'opened'), new SessionRun().live()]) {
        run.do(error(code));
        assert.deepEqual(run.session, {
          state: 'refused',
          refusal: { code, message: `said ${code}` },
        });
        assert.deepEqual(run.names, ['close']);
        assert.equal(sessionDueAt(run.session), Infinity);
      }
    }
  });

  test('another identity is taken at once, wherever the session is', () => {
    const ask: SessionInput = ['ask', { token: 'x', why: 'set' }];
    for (const run of [
      new SessionRun().do('start'),
      new SessionRun().do('start', token),
      new SessionRun().do('start', token, 'opened'),
      new SessionRun().do('start', token, closed()),
      new SessionRun().live().do(closed(4403)),
    ]) {
      assert.equal(run.do(ask).session.state, 'authorizing');
      assert.deepEqual(run.names, ['close', 'fetchToken']);
    }
    assert.equal(
      new SessionRun().do(ask).session.state,
      'closed',
      'nobody has joined anything yet',
    );
  });

  test('whatever comes in any order: at most one socket, a way out of each state, no hot loop', () => {
    const seed = seedOfRun();
    const ms = fc.integer({ min: 0, max: 100_000 });
    const code = fc.constantFrom('bad_token', 'forbidden', 'unavailable', 'bad_name', 'wrong_user');
    const input: fc.Arbitrary<SessionInput> = fc.oneof(
      fc.constantFrom<SessionInput>(
        ...(['start', 'wake', 'opened', 'heard', 'timeout', 'again'] as const).map(
          (one) => [one, undefined] as const,
        ),
      ),
      fc.constantFrom<SessionInput>(token, ['tokenFailed', { code: 'x', message: '' }]),
      fc.constantFrom(1000, 1006, 4401, 4403, 4408).map(closed),
      code.map(error),
      ms.map((expiresAt) => welcome({ expiresAt })),
      ms.map((afterMs): SessionInput => ['bye', { op: 'bye', code: 'x', afterMs }]),
      fc
        .constantFrom('set' as const, 'name' as const, 'refresh' as const)
        .map((why): SessionInput => ['ask', { token: 'x', why }]),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(input, ms, fc.boolean()), { maxLength: 100 }), (inputs) => {
        const run = new SessionRun();
        let isOpen = false;
        for (const [one, after, mayRenew] of inputs) {
          run.mayRenew = mayRenew;
          run.now += after;
          run.do(one);
          for (const name of run.names) {
            if (name === 'close') isOpen = false;
            if (name === 'open') assert.ok(!isOpen, 'two sockets');
            if (name === 'open') isOpen = true;
          }
          const { state } = run.session;
          if (['greeting', 'live'].includes(state)) assert.ok(isOpen, `${state} without a socket`);
          if (['closed', 'offline', 'refused', 'authorizing'].includes(state)) assert.ok(!isOpen);
          const isWaiting = state !== 'closed' && state !== 'refused';
          assert.equal(Number.isFinite(sessionDueAt(run.session)), isWaiting);
        }
        run.do('stop');
        assert.equal(run.session.state, 'closed');
      }),
      { seed },
    );
  });
});
