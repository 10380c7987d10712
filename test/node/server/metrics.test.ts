import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Metrics } from '../../../server/metrics.ts';
import { startServer } from '../../support/server.ts';

describe('Metrics', () => {
  it('prints every line in the form that Prometheus reads', () => {
    const metrics = new Metrics();
    metrics.refused('flood');
    metrics.refused('flood');

    const text = metrics.text({ connections: () => 1, rooms: () => 2 });
    metrics.close();

    for (const line of text.trimEnd().split('\n')) {
      assert.match(
        line,
        /^(# (HELP|TYPE) mini_chat_\w+ .+|mini_chat_\w+(\{\w+="\w+"\})? [\d.e-]+)$/,
      );
    }
    assert.match(text, /^mini_chat_refusals_total\{code="flood"\} 2$/m);
  });

  it('counts what a server does', async (t) => {
    const server = await startServer(t);
    const ann = await server.member('Ann', 'lobby');
    await ann.say('lobby', 'hi');
    ann.send('{');
    await ann.next('error');

    const text = await (await fetch(`${server.url}/metrics`)).text();

    assert.match(text, /^mini_chat_connections 1$/m);
    assert.match(text, /^mini_chat_rooms 1$/m);
    assert.match(text, /^mini_chat_entries_total 1$/m);
    assert.match(text, /^mini_chat_refusals_total\{code="bad_json"\} 1$/m);
  });
});
