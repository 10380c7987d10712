import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, it } from 'node:test';
import { AddressCounts, addressKey, addressOf, isListedOrigin } from '../../../server/addresses.ts';

const requestWith = (forwardedFor?: string): IncomingMessage => {
  const request = new IncomingMessage(new Socket());
  if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor;
  return request;
};

describe('addresses', () => {
  it('counts an IPv6 user by its /64, however it is written', () => {
    const keys = ['2001:db8:1:2::1', '2001:0db8:0001:0002:ffff::9', '2001:db8:1:2:3:4:5:6%eth0'];

    assert.deepEqual([...new Set(keys.map(addressKey))], ['2001:db8:1:2::/64']);
    assert.equal(addressKey('::1'), '0:0:0:0::/64');
    assert.equal(addressKey('2001:db8::5:6:7:8'), '2001:db8:0:0::/64');
    assert.notEqual(addressKey('2001:db8:1:3::1'), '2001:db8:1:2::/64');
  });

  it('takes an IPv4 address as it is, mapped or not', () => {
    assert.equal(addressKey('192.0.2.7'), '192.0.2.7');
    assert.equal(addressKey('::ffff:192.0.2.7'), '192.0.2.7');
  });

  it('believes X-Forwarded-For only behind trusted proxies, and only what they wrote', () => {
    const forged = requestWith('6.6.6.6, 192.0.2.7, 198.51.100.1');

    assert.equal(addressOf(forged, 0), '');
    assert.equal(addressOf(forged, 1), '198.51.100.1');
    assert.equal(addressOf(forged, 2), '192.0.2.7');
    assert.equal(addressOf(requestWith('nonsense'), 1), '');
    assert.equal(addressOf(requestWith(), 1), '');
  });

  it('knows listed origins, hosts below a star, and nothing that merely looks alike', () => {
    const list = ['https://a.example', 'https://*.b.example'];

    assert.ok(isListedOrigin('https://a.example', list));
    assert.ok(isListedOrigin('https://www.b.example', list));
    assert.ok(isListedOrigin('https://x.y.b.example', list));
    assert.ok(isListedOrigin('null', ['*']));
    for (const origin of [
      'http://a.example',
      'https://a.example.evil.example',
      'https://b.example',
      'https://evilb.example',
      'http://www.b.example',
      'null',
    ]) {
      assert.equal(isListedOrigin(origin, list), false, origin);
    }
  });
});

describe('AddressCounts', () => {
  it('counts up and down and keeps nothing at zero', () => {
    const counts = new AddressCounts();

    counts.add('a');
    counts.add('a');
    counts.remove('a');
    assert.equal(counts.of('a'), 1);
    counts.remove('a');

    assert.equal(counts.of('a'), 0);
  });
});
