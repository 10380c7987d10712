import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { adviceFor, findBrowser, wantedEngines } from '../support/browsers.ts';
import { type EnginePage, isTrue, openEngine } from '../support/engine-page.ts';
import { HostSite } from '../support/host-site.ts';
import { ServerProcess } from '../support/server-process.ts';

/** Stands before the element on the page: says what the policy stopped, and what went wrong. */
const WATCH = `
  globalThis.violations = [];
  globalThis.failures = [];
  addEventListener('securitypolicyviolation', (event) => {
    violations.push(event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sample);
  });
  addEventListener('error', (event) => failures.push(String(event.message)));
  const error = console.error;
  console.error = (...words) => {
    failures.push(words.join(' '));
    error(...words);
  };`;

const IN_CHAT = `document.querySelector('mini-chat').shadowRoot`;

describe('A page with a strict policy and trusted types', () => {
  let server: ServerProcess;
  let site: HostSite;

  before(async () => {
    server = await ServerProcess.start(['--memory']);
    site = await HostSite.open();
  });

  after(async () => {
    await Promise.all([server.stop(), site.close()]);
  });

  for (const engine of wantedEngines()) {
    it(`shows the whole chat, styled, without one violation, in ${engine}`, async (t) => {
      const file = await findBrowser(engine);
      if (file === undefined) return t.skip(`no ${engine} here: ${adviceFor(engine)}`);
      await check(t, await openEngine(engine, file), { site, server, room: engine });
    });
  }
});

interface Place {
  readonly site: HostSite;
  readonly server: ServerProcess;
  readonly room: string;
}

/** Talks on the strict page, and looks at what the policy stopped: nothing, until provoked. */
async function check(t: TestContext, page: EnginePage, place: Place): Promise<void> {
  const { site, server, room } = place;
  t.after(() => page.close());
  const client = new ChatClient({ server: server.url, name: 'Bob', storage: null });
  t.after(() => client.close());

  await page.goto(strictPage(site, server, room));
  await isTrue(page, `${IN_CHAT}?.querySelector('textarea:enabled')`);
  await page.evaluate(`document.querySelector('mini-chat').focus()`);
  await page.type('**bold** and `code` at https://a.example/');
  await page.press('Enter');
  await isTrue(page, `${IN_CHAT}.querySelector('.row.sent strong')`);
  client.room(room).send('> quote\n- list\n```js\ncode\n```');
  await isTrue(page, `${IN_CHAT}.querySelector('.row pre code')`);

  assert.deepEqual(await page.evaluate('violations'), []);
  assert.deepEqual(await page.evaluate('failures'), []);
  const field = `getComputedStyle(${IN_CHAT}.querySelector('.field'))`;
  assert.notEqual(await page.evaluate(`${field}.borderTopLeftRadius`), '0px');
  const text = `getComputedStyle(${IN_CHAT}.querySelector('.text p'))`;
  assert.match(String(await page.evaluate(`${text}.whiteSpace`)), /pre-wrap|break-spaces/);

  await page.evaluate(`document.body.setAttribute('style', 'color: red')`);
  await isTrue(page, 'violations.length === 1');
}

/** The policy of the design, with the chat on another origin than the page. */
function strictPage(site: HostSite, server: ServerProcess, room: string): string {
  const watch = site.add(WATCH, { 'Content-Type': 'text/javascript' });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict</title>
    <script src="${watch}"></script>
    <script type="module" src="${server.url}/mini-chat.js"></script></head>
    <body><mini-chat room="${room}" name="Ann"></mini-chat></body></html>`;
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${server.url}`,
    "style-src 'none'",
    // For the icon that browsers ask a site for by themselves; the chat has no picture.
    "img-src 'self'",
    `connect-src ${server.url.replace('http', 'ws')}`,
    "require-trusted-types-for 'script'",
  ];
  return site.add(html, { 'Content-Security-Policy': policy.join('; ') });
}
