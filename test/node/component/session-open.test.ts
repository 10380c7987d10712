import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { sessionDueAt } from '../../../component/client/session.ts';
import { closed, error, SessionRun, token, welcome } from '../../support/session-run.ts';

describe('session before it is live', () => {
  test('asks for a token, opens, says hello, is live', () => {
    const run = new SessionRun().do('start');
    assert.deepEqual([run.session.state, run.names], ['authorizing', ['close', 'fetchToken']]);
    run.do(['token', { token: 'abc', name: 'Ada' }]);
    assert.deepEqual([run.session.state, run.names], ['connecting', ['open']]);
    run.do('opened');
    assert.deepEqual([run.session.state, run.names], ['greeting', ['hello']]);
    const client = `mini-chat/${version()}`;
    const op = { op: 'hello', v: 1, client, token: 'abc', name: 'Ada' };
    assert.deepEqual(run.effects, [['say', op]]);

    run.do(welcome());

    assert.deepEqual([run.session.state, run.names], ['live', ['welcomed']]);
  });

  test('each step of a greeting is given up in bounded time', () => {
    for (const inputs of [['start'], ['start', token], ['start', token, 'opened']] as const) {
      const run = new SessionRun().do(...inputs);
      assert.equal(sessionDueAt(run.session), run.now + 10_000);
      run.wait();
      assert.equal(run.session.state, 'offline');
      assert.deepEqual(run.names, ['close']);
    }
  });

  test('full jitter: waits anything up to a limit that doubles to half a minute', () => {
    const run = new SessionRun().do('start');
    const limitsMs: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      run.do(token, closed());
      limitsMs.push((sessionDueAt(run.session) - run.now) * 2);
      run.wait();
    }
    assert.deepEqual(limitsMs, [500, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);

    run.random = 0;
    run.do(token, closed());
    assert.equal(sessionDueAt(run.session), run.now);
  });

  test('a full server is waited for, and its words are shown', () => {
    const run = new SessionRun().do(
      'start',
      token,
      'opened',
      error('too_many_connections'),
      closed(4429),
    );

    assert.equal(run.session.state, 'offline');
    assert.ok(
      run.session.state === 'offline' && run.session.refusal?.code === 'too_many_connections',
    );
  });

  test('a refused token is replaced once, in a greeting', () => {
    for (const refusal of [error('bad_token'), error('token_expired'), closed(4401)]) {
      const run = new SessionRun().do('start', token, 'opened', refusal);
      assert.equal(run.session.state, 'authorizing');
      assert.deepEqual(run.effects[1], ['fetchToken', 'other']);

      run.do(token, 'opened', refusal);
      assert.equal(run.session.state, 'refused');
    }
  });

  test('a refused token that nothing can replace is refused at once', () => {
    const run = new SessionRun();
    run.mayRenew = false;

    assert.equal(run.do('start', token, 'opened', error('bad_token')).session.state, 'refused');
  });

  test('asking again after a refused token wants another one; after anything else, any', () => {
    const run = new SessionRun();
    run.mayRenew = false;
    run.live().do(error('token_expired'), 'again');
    assert.deepEqual(run.effects[1], ['fetchToken', 'other']);

    const other = new SessionRun().live().do(error('forbidden'), 'again');
    assert.deepEqual(other.effects[1], ['fetchToken', 'any']);
  });
});

function version(): string {
  const file = new URL('../../../component/package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
