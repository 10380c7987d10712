import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { createShop } from '../../../demo/express/server.ts';
import { RawClient } from '../../support/raw-client.ts';

describe('demo/express', () => {
  it('serves its own page, the files of the chat, and the chat', async (t) => {
    const { server, chat } = await createShop({ memory: true, logLevel: 'silent' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(async () => {
      await chat.close();
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

    const page = await (await fetch(url)).text();
    const script = await fetch(`${url}/chat/mini-chat.js`);
    const embed = await fetch(`${url}/chat/embed.json`);
    const elsewhere = await fetch(`${url}/chat/other`);
    const ann = await RawClient.connect(url, { path: '/chat/ws' });
    await ann.hello();
    await ann.join('shop');

    assert.match(page, /<mini-chat server="\/chat" room="shop">/);
    // 503 in a workspace where nothing was built yet; never Express's own 404.
    assert.ok([200, 503].includes(script.status), String(script.status));
    if (embed.status === 200) {
      const { url: address } = (await embed.json()) as { url: string };
      assert.equal(address, `${url}/chat/mini-chat.js`);
    }
    assert.equal(elsewhere.status, 404);
    assert.match(await elsewhere.text(), /Cannot GET/);
    assert.equal((await ann.say('shop', 'hi')).op, 'ack');
    ann.destroy();
  });
});
