import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import type { ElementFile, ElementSource } from '../../../server/element-file.ts';
import { createEmbedHandler, createHttpHandler } from '../../../server/http.ts';
import { createLogger } from '../../../server/logger.ts';

const bytes = Buffer.from('export {};\n'.repeat(100));
const file: ElementFile = {
  bytes,
  gzip: Buffer.from('zipped'),
  hash: createHash('sha256').update(bytes).digest('base64url').slice(0, 22),
  integrity: 'sha384-abc',
  version: '1.2.3',
  build: '1.2.3-abcd',
};

const words: ElementFile = { ...file, bytes: Buffer.from('words'), hash: 'words' };
const second: ElementFile = {
  ...file,
  bytes: Buffer.from('actions'),
  hash: 'actions',
  integrity: 'sha384-def',
};

interface Given {
  readonly element?: ElementFile | undefined;
  readonly loaded?: undefined;
  readonly isReady?: boolean;
  readonly trustsProxy?: boolean;
}

const serve = async (t: TestContext, given: Given = {}): Promise<string> => {
  const logger = createLogger('silent');
  const element = { read: async () => ('element' in given ? given.element : file) };
  const trustsProxy = given.trustsProxy ?? false;
  const source = {
    read: async () => ('loaded' in given ? given.loaded : second),
  } as unknown as ElementSource;
  const handler = createHttpHandler({
    embed: createEmbedHandler({
      element: element as ElementSource,
      loaded: new Map([['mini-chat-actions.js', source]]),
      languages: { read: async () => words } as unknown as ElementSource,
      logger,
      trustsProxy,
    }),
    logger,
    metrics: () => 'mini_chat_rooms 0\n',
    isReady: async () => given.isReady ?? true,
  });
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A request whose path goes out as it is: fetch would tidy it first. */
const rawStatus = (url: string, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('http › the element', () => {
  it('serves it to every origin, whole or zipped', async (t) => {
    const url = await serve(t);

    const whole = await fetch(`${url}/mini-chat.js`, {
      headers: { 'accept-encoding': 'identity' },
    });

    assert.equal(whole.status, 200);
    assert.equal(await whole.text(), bytes.toString());
    assert.equal(whole.headers.get('content-type'), 'text/javascript; charset=utf-8');
    assert.equal(whole.headers.get('access-control-allow-origin'), '*');
    assert.equal(whole.headers.get('cross-origin-resource-policy'), 'cross-origin');
    assert.equal(whole.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(whole.headers.get('vary'), 'Accept-Encoding');
    const zipped = await new Promise<string | undefined>((resolve) => {
      const headers = { 'accept-encoding': 'br, gzip' };
      request(`${url}/mini-chat.js`, { headers }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      }).end();
    });
    assert.equal(zipped, 'gzip');
  });

  it('answers 304 to who has it, by either ETag and only by the right one', async (t) => {
    const url = await serve(t);
    const ask = async (etag: string): Promise<number> => {
      const headers = { 'accept-encoding': 'identity', 'if-none-match': etag };
      return (await fetch(`${url}/mini-chat.js`, { headers })).status;
    };

    assert.equal(await ask(`"${file.hash}"`), 304);
    assert.equal(await ask(`"x", W/"${file.hash}"`), 304);
    assert.equal(await ask('*'), 304);
    assert.equal(await ask('"x"'), 200);
  });

  it('tells its address, hash and version', async (t) => {
    const url = await serve(t);

    const embed: unknown = await (await fetch(`${url}/embed.json`)).json();

    assert.deepEqual(embed, {
      url: `${url}/mini-chat.js`,
      integrity: 'sha384-abc',
      version: '1.2.3',
      loads: [{ url: `${url}/mini-chat-actions.js?build=1.2.3-abcd`, integrity: 'sha384-def' }],
    });
  });

  it('takes its outer address from a proxy only when that is trusted', async (t) => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.org' };
    const ask = async (trustsProxy: boolean): Promise<string> => {
      const url = await serve(t, { trustsProxy });
      const response = await fetch(`${url}/embed.json`, { headers });
      return ((await response.json()) as { url: string }).url;
    };

    assert.equal(await ask(true), 'https://chat.example.org/mini-chat.js');
    assert.match(await ask(false), /^http:\/\/127\.0\.0\.1:/);
  });

  for (const [name, said] of [
    ['actions', 'actions'],
    ['languages', 'words'],
  ]) {
    it(`serves the ${name} beside it`, async (t) => {
      const url = await serve(t);
      const headers = { 'accept-encoding': 'identity' };

      const answer = await fetch(`${url}/mini-chat-${name}.js`, { headers });

      assert.equal(await answer.text(), said);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*');
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
      assert.equal(answer.headers.get('etag'), `"${said}"`);
      const known = { ...headers, 'if-none-match': `"${said}"` };
      const again = await fetch(`${url}/mini-chat-${name}.js`, { headers: known });
      assert.equal(again.status, 304);
    });
  }

  it('lets browsers keep for good what was asked for by its build, and nothing else', async (t) => {
    const url = await serve(t);
    const kept = async (query: string): Promise<string | null> => {
      const headers = { 'accept-encoding': 'identity' };
      const answer = await fetch(`${url}/mini-chat-actions.js${query}`, { headers });
      assert.equal(await answer.text(), 'actions');
      return answer.headers.get('cache-control');
    };

    assert.equal(await kept('?build=1.2.3-abcd'), 'max-age=31536000, s-maxage=0, immutable');
    assert.equal(await kept(''), 'no-cache');
    assert.equal(await kept('?build=1.2.2-abcd'), 'no-cache');
    assert.equal(await kept('?build='), 'no-cache');
  });

  it('says in one line that it is not built', async (t) => {
    const url = await serve(t, { element: undefined });

    const response = await fetch(`${url}/mini-chat.js`);

    assert.equal(response.status, 503);
    assert.match(await response.text(), /^the element is not built: .*\n$/);
  });

  it('lists nothing to pin while one of the files is not built', async (t) => {
    const url = await serve(t, { loaded: undefined });

    assert.equal((await fetch(`${url}/embed.json`)).status, 503);
  });
});

describe('http › the rest', () => {
  it('is always healthy, and ready when it is', async (t) => {
    const [up, down] = [await serve(t), await serve(t, { isReady: false })];

    assert.equal((await fetch(`${up}/readyz`)).status, 200);
    assert.equal((await fetch(`${down}/readyz`)).status, 503);
    assert.equal((await fetch(`${down}/healthz`)).status, 200);
    assert.match(await (await fetch(`${up}/metrics`)).text(), /^mini_chat_rooms 0$/m);
  });

  it('answers GET and HEAD only', async (t) => {
    const url = await serve(t);

    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(`${url}/`, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get('allow'), 'GET, HEAD');
    }
    const head = await fetch(`${url}/mini-chat.js`, { method: 'HEAD' });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), '');
  });

  it('serves nothing outside the demo folder, whatever the path says', async (t) => {
    const url = await serve(t);
    const paths = [
      '/../package.json',
      '/..%2fpackage.json',
      '/%2e%2e/package.json',
      '/..\\package.json',
      '/%5c..%5cpackage.json',
      '/.git/config',
      '/%00.html',
      '/%zz.html',
      '//etc/passwd.txt',
      '/express/server.ts',
      '/nowhere.html',
    ];

    for (const path of paths) assert.equal(await rawStatus(url, path), 404, path);
  });
});
