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

/** The nonce of the policy and the scripts; in a real page a new one each time. */
const PASS = 'bm9uY2Ugb2YgdGVzdHM';

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

    it(`loads the second file by its nonce alone, in ${engine}`, async (t) => {
      const file = await findBrowser(engine);
      if (file === undefined) return t.skip(`no ${engine} here: ${adviceFor(engine)}`);
      const page = await openEngine(engine, file);
      t.after(() => page.close());
      const byPass = `script-src 'nonce-${PASS}'`;
      const policy = policyOf(server).with(1, byPass);

      await page.goto(strictPage(site, server, { room: `nonce-${engine}`, policy }));
      await talk(page);
      await openMenu(page);

      assert.deepEqual(await page.evaluate('violations'), []);
      assert.deepEqual(await page.evaluate('failures'), []);
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

  await page.goto(strictPage(site, server, { room, policy: policyOf(server) }));
  await talk(page);
  client.room(room).send('> quote\n- list\n```js\ncode\n```');
  await isTrue(page, `${IN_CHAT}.querySelector('.row pre code')`);
  await openMenu(page);
  await fillWindow(page);

  assert.deepEqual(await page.evaluate('violations'), []);
  assert.deepEqual(await page.evaluate('failures'), []);
  const menu = `getComputedStyle(${IN_CHAT}.querySelector('.over.menu'))`;
  assert.notEqual(await page.evaluate(`${menu}.borderTopLeftRadius`), '0px');
  assert.notEqual(await page.evaluate(`${menu}.left`), 'auto');
  const field = `getComputedStyle(${IN_CHAT}.querySelector('.field'))`;
  assert.notEqual(await page.evaluate(`${field}.borderTopLeftRadius`), '0px');
  const text = `getComputedStyle(${IN_CHAT}.querySelector('.text p'))`;
  assert.match(String(await page.evaluate(`${text}.whiteSpace`)), /pre-wrap|break-spaces/);

  await page.evaluate(`document.body.setAttribute('style', 'color: red')`);
  await isTrue(page, 'violations.length === 1');
}

/** Says something, as a person does. */
async function talk(page: EnginePage): Promise<void> {
  await isTrue(page, `${IN_CHAT}?.querySelector('textarea:enabled')`);
  await page.evaluate(`document.querySelector('mini-chat').focus()`);
  await page.type('**bold** and `code` at https://a.example/');
  await page.press('Enter');
  await isTrue(page, `${IN_CHAT}.querySelector('.row.sent strong')`);
}

/** Acts on a message, which brings the second file. */
async function openMenu(page: EnginePage): Promise<void> {
  await page.evaluate(`${IN_CHAT}.querySelector('.row').focus()`);
  await isTrue(page, `${IN_CHAT}.querySelector('[data-act=more]')`);
  await page.press('Enter');
  await isTrue(page, `${IN_CHAT}.querySelector('.over.menu:popover-open button:focus')`);
}

/** Over the whole window, which a script measures as a phone's keyboard comes and goes. */
async function fillWindow(page: EnginePage): Promise<void> {
  await page.evaluate(`document.querySelector('mini-chat').mode = 'page'`);
  await page.evaluate(`visualViewport.dispatchEvent(new Event('resize'))`);
  await isTrue(page, `${IN_CHAT}.querySelector('.chat').clientHeight === innerHeight`);
  await isTrue(page, `${IN_CHAT}.querySelector('.base').style.length === 2`);
}

interface StrictPage {
  readonly room: string;
  readonly policy: readonly string[];
}

/** A page under a policy, with the chat on another origin than the page. */
function strictPage(site: HostSite, server: ServerProcess, { room, policy }: StrictPage): string {
  const watch = site.add(WATCH, { 'Content-Type': 'text/javascript' });
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Strict</title>
    <script nonce="${PASS}" src="${watch}"></script>
    <script nonce="${PASS}" type="module" src="${server.url}/mini-chat.js"></script></head>
    <body><mini-chat room="${room}" name="Ann"></mini-chat></body></html>`;
  return site.add(html, { 'Content-Security-Policy': policy.join('; ') });
}

/** The policy of the design. */
function policyOf(server: ServerProcess): readonly string[] {
  return [
    "default-src 'none'",
    `script-src 'self' ${server.url}`,
    "style-src 'none'",
    // For the icon that browsers ask a site for by themselves; the chat has no picture.
    "img-src 'self'",
    `connect-src ${server.url.replace('http', 'ws')}`,
    "require-trusted-types-for 'script'",
  ];
}
