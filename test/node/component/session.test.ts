import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import fc from 'fast-check';

import {
  type Session,
  sessionDueAt,
  type SessionEffect,
  type SessionInput,
  stepSession,
} from '../../../component/client/session.ts';
import type { ErrorOp, User, UserId, WelcomeOp } from '../../../component/protocol/ops.ts';
import { seedOfRun } from '../../support/seed.ts';

const user: User = { id: 'g_1' as UserId, name: 'Ada', role: 'guest' };
const limits = { textMax: 4000, frameBytesMax: 32_768, roomsMax: 50 };

function welcome(more: Partial<WelcomeOp> = {}): SessionInput {
  const op: WelcomeOp = {
    op: 'welcome',
    v: 1,
    session: 's',
    user,
    now: 0,
    heartbeatMs: 25_000,
    limits,
  };
  return { input: 'welcome', op: { ...op, ...more } };
}

function error(code: string): SessionInput {
  const op: ErrorOp = { op: 'error', code, message: `said ${code}` };
  return { input: 'error', op };
}

const token: SessionInput = { input: 'token', identity: { token: 'abc' } };
const closed = (code = 1006): SessionInput => ({ input: 'closed', code });

class Run {
  session: Session = { state: 'closed' };
  now = 1000;
  random = 0.5;
  mayRenew = true;
  effects: readonly SessionEffect[] = [];

  do(
    ...inputs: readonly (SessionInput | 'start' | 'opened' | 'wake' | 'timeout' | 'stop')[]
  ): this {
    for (const input of inputs) {
      const { now, random, mayRenew } = this;
      const given: SessionInput = typeof input === 'string' ? { input } : input;
      const step = stepSession(this.session, given, { now, random, mayRenew });
      this.session = step.next;
      this.effects = step.effects;
    }
    return this;
  }

  live(more: Partial<WelcomeOp> = {}): this {
    return this.do('start', token, 'opened', welcome(more));
  }

  wait(): this {
    this.now = sessionDueAt(this.session);
    return this.do('timeout');
  }

  get names(): readonly string[] {
    return this.effects.map((one) => (one.effect === 'say' ? one.op.op : one.effect));
  }
}

describe('session', () => {
  test('asks for a token, opens, says hello, is live', () => {
    const run = new Run().do('start');
    assert.deepEqual([run.session.state, run.names], ['authorizing', ['close', 'fetchToken']]);
    run.do({ input: 'token', identity: { token: 'abc', name: 'Ada' } });
    assert.deepEqual([run.session.state, run.names], ['connecting', ['open']]);
    run.do('opened');
    assert.deepEqual([run.session.state, run.names], ['greeting', ['hello']]);
    const client = `mini-chat/${version()}`;
    const op = { op: 'hello', v: 1, client, token: 'abc', name: 'Ada' };
    assert.deepEqual(run.effects, [{ effect: 'say', op }]);

    run.do(welcome());

    assert.deepEqual([run.session.state, run.names], ['live', ['welcomed']]);
  });

  test('each step of a greeting is given up in bounded time', () => {
    for (const inputs of [['start'], ['start', token], ['start', token, 'opened']] as const) {
      const run = new Run().do(...inputs);
      assert.equal(sessionDueAt(run.session), run.now + 10_000);
      run.wait();
      assert.equal(run.session.state, 'offline');
      assert.deepEqual(run.names, ['close']);
    }
  });

  test('full jitter: waits anything up to a limit that doubles to half a minute', () => {
    const run = new Run().do('start');
    const limitsMs: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      run.do(token, closed());
      limitsMs.push((sessionDueAt(run.session) - run.now) * 2);
      run.wait();
    }
    assert.deepEqual(limitsMs, [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);

    run.random = 0;
    run.do(token, closed());
    assert.equal(sessionDueAt(run.session), run.now);
  });

  test('a minute of health makes the next wait short; less does not', () => {
    const short = new Run().do('start', token, closed()).wait().do(token, 'opened', welcome());
    short.now += 59_000;
    short.do(closed());
    assert.equal(sessionDueAt(short.session) - short.now, 500);

    short.wait().do(token, 'opened', welcome());
    short.now += 60_000;
    short.do(closed());
    assert.equal(sessionDueAt(short.session) - short.now, 250);
  });

  test('after a bye it comes back within the time named, however long that is', () => {
    const run = new Run()
      .live()
      .do({ input: 'bye', op: { op: 'bye', code: 'drain', afterMs: 90_000 } });
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
      const run = new Run();
      run.random = random;
      run.live({ heartbeatMs: 10_000 });
      assert.equal(Math.round((sessionDueAt(run.session) - run.now) / 100), factor * 100);
    }
  });

  test('two misses are the end, a sign of life is none', () => {
    const run = new Run().live();
    run.wait().wait();
    assert.deepEqual(run.names, ['ping']);
    run.do({ input: 'heard' }).wait().wait();
    assert.equal(run.session.state, 'live');

    run.wait();

    assert.equal(run.session.state, 'offline');
  });

  test('a heartbeat of nothing is no loop', () => {
    const run = new Run().live({ heartbeatMs: 0 });

    assert.equal(sessionDueAt(run.session) - run.now, 1000);
  });

  test('waking probes once: five seconds for a sign of life', () => {
    const run = new Run().live().do('wake');
    assert.deepEqual(run.names, ['ping']);
    assert.equal(sessionDueAt(run.session) - run.now, 5000);
    run.now += 4000;
    run.do('wake');
    assert.deepEqual(run.names, []);
    run.wait();
    assert.equal(run.session.state, 'offline');

    const alive = new Run().live().do('wake', { input: 'heard' }).wait();
    assert.equal(alive.session.state, 'live');
  });

  test('waking ends a wait, and starts nothing that is under way or refused', () => {
    assert.equal(new Run().do('start', token, closed(), 'wake').session.state, 'authorizing');
    assert.equal(new Run().do('start', token, 'wake').session.state, 'connecting');
    assert.equal(new Run().live().do(closed(4403), 'wake').session.state, 'refused');
    assert.equal(new Run().do('wake').session.state, 'closed');
  });

  test('codes that say never are refused, from a greeting and from live', () => {
    for (const code of ['forbidden', 'guests_off', 'origin_refused', 'bad_version']) {
      for (const run of [new Run().do('start', token, 'opened'), new Run().live()]) {
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

  test('a full server is waited for, and its words are shown', () => {
    const run = new Run().do('start', token, 'opened', error('too_many_connections'), closed(4429));

    assert.equal(run.session.state, 'offline');
    assert.ok(
      run.session.state === 'offline' && run.session.refusal?.code === 'too_many_connections',
    );
  });

  test('a refused token is replaced once, in a greeting', () => {
    for (const refusal of [error('bad_token'), error('token_expired'), closed(4401)]) {
      const run = new Run().do('start', token, 'opened', refusal);
      assert.equal(run.session.state, 'authorizing');
      assert.deepEqual(run.effects[1], { effect: 'fetchToken', wish: 'other' });

      run.do(token, 'opened', refusal);
      assert.equal(run.session.state, 'refused');
    }
  });

  test('a refused token that nothing can replace is refused at once', () => {
    const run = new Run();
    run.mayRenew = false;

    assert.equal(run.do('start', token, 'opened', error('bad_token')).session.state, 'refused');
  });

  test('asking again after a refused token wants another one; after anything else, any', () => {
    const again: SessionInput = { input: 'again' };
    const run = new Run();
    run.mayRenew = false;
    run.live().do(error('token_expired'), again);
    assert.deepEqual(run.effects[1], { effect: 'fetchToken', wish: 'other' });

    const other = new Run().live().do(error('forbidden'), again);
    assert.deepEqual(other.effects[1], { effect: 'fetchToken', wish: 'any' });
  });

  test('refreshes at four fifths of the life of the token, by the clock of the server', () => {
    const run = new Run().live({ now: 5_000_000, expiresAt: 5_010_000, heartbeatMs: 60_000 });
    assert.equal(sessionDueAt(run.session) - run.now, 8000);
    run.wait();
    assert.deepEqual(run.effects, [{ effect: 'fetchToken', wish: 'later' }]);

    run.do(token);
    assert.deepEqual(run.names, ['token']);
    run.do(welcome({ now: 5_009_000, expiresAt: 5_109_000 }));

    assert.deepEqual(run.names, ['welcomed', 'answered']);
    assert.equal(run.session.state, 'live');
  });

  test('a refresh that brings nothing is tried again, not at once', () => {
    const run = new Run().live({ now: 0, expiresAt: 100_000, heartbeatMs: 1_000_000 }).wait();
    const refusal = { code: 'no_token', message: '' };
    run.do({ input: 'tokenFailed', refusal });
    assert.equal(run.session.state, 'live');

    const ms = sessionDueAt(run.session) - run.now;
    assert.ok(ms >= 15_000 && ms <= 30_000);
  });

  test('nothing to refresh with: nothing is asked for', () => {
    const run = new Run();
    run.mayRenew = false;
    run.live({ now: 0, expiresAt: 100, heartbeatMs: 25_000 });

    assert.equal(sessionDueAt(run.session) - run.now, 25_000);
  });

  test('an unanswered token op ends by itself', () => {
    const ask: SessionInput = { input: 'ask', identity: { token: 'x', name: 'Ada' }, why: 'name' };
    const run = new Run().live().do(ask);
    assert.equal(sessionDueAt(run.session) - run.now, 10_000);

    run.wait();

    assert.equal(run.session.state, 'live');
    assert.ok(run.effects[0]!.effect === 'answered' && run.effects[0]!.refusal !== undefined);
  });

  test('wrong_user greets anew, a refused set ends it, a refused refresh changes nothing', () => {
    const ask = (why: 'set' | 'refresh'): SessionInput => {
      return { input: 'ask', identity: { token: 'x' }, why };
    };
    assert.equal(new Run().live().do(ask('set'), error('wrong_user')).session.state, 'authorizing');
    assert.equal(new Run().live().do(ask('set'), error('bad_token')).session.state, 'refused');
    assert.equal(new Run().live().do(ask('refresh'), error('bad_token')).session.state, 'live');
  });

  test('another identity is taken at once, wherever the session is', () => {
    const ask: SessionInput = { input: 'ask', identity: { token: 'x' }, why: 'set' };
    for (const run of [
      new Run().do('start'),
      new Run().do('start', token),
      new Run().do('start', token, 'opened'),
      new Run().do('start', token, closed()),
      new Run().live().do(closed(4403)),
    ]) {
      assert.equal(run.do(ask).session.state, 'authorizing');
      assert.deepEqual(run.names, ['close', 'fetchToken']);
    }
    assert.equal(new Run().do(ask).session.state, 'closed', 'nobody has joined anything yet');
  });

  test('whatever comes in any order: at most one socket, a way out of each state, no hot loop', () => {
    const seed = seedOfRun();
    const ms = fc.integer({ min: 0, max: 100_000 });
    const code = fc.constantFrom('bad_token', 'forbidden', 'unavailable', 'bad_name', 'wrong_user');
    const input: fc.Arbitrary<SessionInput> = fc.oneof(
      fc.constantFrom<SessionInput>(
        ...(['start', 'wake', 'opened', 'heard', 'timeout', 'again'] as const).map((one) => ({
          input: one,
        })),
      ),
      fc.constantFrom(token, {
        input: 'tokenFailed',
        refusal: { code: 'x', message: '' },
      } as const),
      fc.constantFrom(1000, 1006, 4401, 4403, 4408).map(closed),
      code.map(error),
      ms.map((expiresAt) => welcome({ expiresAt })),
      ms.map((afterMs): SessionInput => ({ input: 'bye', op: { op: 'bye', code: 'x', afterMs } })),
      fc
        .constantFrom('set' as const, 'name' as const, 'refresh' as const)
        .map((why): SessionInput => ({ input: 'ask', identity: { token: 'x' }, why })),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(input, ms, fc.boolean()), { maxLength: 100 }), (inputs) => {
        const run = new Run();
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

function version(): string {
  const file = new URL('../../../component/package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
