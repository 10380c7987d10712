import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, after, describe, it } from 'node:test';

import type { ChatPage } from '../support/chat-page.ts';
import { useWorld } from '../support/e2e.ts';
import { HOST_SECRET, hostToken } from '../support/host-tokens.ts';
import { ServerProcess, temporaryFolder } from '../support/server-process.ts';

const world = useWorld();

/** A page whose chat belongs to another server than the file's. */
function openAt(server: ServerProcess, attributes = ''): Promise<ChatPage> {
  return world().open('lobby', { attributes: `server="${server.url}" ${attributes}` });
}

async function started(flags: readonly string[]): Promise<ServerProcess> {
  return ServerProcess.start(['--memory', ...flags]);
}

describe('A chat that is refused', () => {
  it('says that the server does not know the site, and stops trying', async () => {
    await using server = await started(['--origins', 'https://only.example']);
    const ann = await openAt(server);

    await ann.says('may not use this chat.');
    await ann.inState('refused');
    await ann.counts('.spinner', 0);
    assert.equal(ann.sockets.length, 1);
  });

  it('says that guests may not enter', async () => {
    await using server = await started(['--guests', 'off']);
    const ann = await openAt(server, 'name="Ann"');

    await ann.says('Guests cannot enter. Sign in on this site first.');
    await ann.inState('refused');
  });

  it('says to guests that they may only read', async () => {
    await using server = await started(['--guests', 'read-only']);
    const ann = await openAt(server, 'name="Ann"');

    await ann.says('You can read here, but not write.');
    await ann.counts('textarea', 0);
  });
});

describe('A user of the host site', () => {
  let server: ServerProcess;
  const ends: AsyncDisposable[] = [];

  before(async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder.dir, 'key');
    await writeFile(file, HOST_SECRET);
    server = await started(['--jwt-key-file', file]);
    ends.push(server, folder);
  });

  after(async () => {
    for (const end of ends) await end[Symbol.asyncDispose]();
  });

  it('talks under the name that the site vouched for', async () => {
    const token = await hostToken({ sub: 'ann', name: 'Ann of the site', role: 'moderator' });
    const ann = await openAt(server, `token="${token}"`);
    await ann.live();
    await ann.say('signed in');
    await ann.sent('signed in');

    const name = await ann.chat().locator('.row .name').textContent();
    assert.equal(name?.trim(), 'Ann of the site');
  });

  it('hears in words that the token is bad', async () => {
    const secret = 'another secret, just as long as the first one';
    const ann = await openAt(server, `token="${await hostToken({ sub: 'ann' }, { secret })}"`);

    await ann.says('Your sign-in was not accepted. Sign in on this site again.');
    await ann.inState('refused');
  });

  it('hears in words that the token has expired', async () => {
    const token = await hostToken({ sub: 'ann' }, { expiresIn: -3600 });
    const ann = await openAt(server, `token="${token}"`);

    await ann.says('Your sign-in has run out. Sign in on this site again.');
    await ann.inState('refused');
  });

  it('is asked for once more when the token it gave has expired', async () => {
    const [old, fresh] = await Promise.all([
      hostToken({ sub: 'ann', name: 'Ann' }, { expiresIn: -3600 }),
      hostToken({ sub: 'ann', name: 'Ann' }),
    ]);
    const body = `<script type="module">
      const chat = document.createElement('mini-chat');
      const tokens = ${JSON.stringify([old, fresh])};
      chat.room = 'lobby';
      chat.server = '${server.url}';
      chat.getToken = async () => tokens.shift() ?? 'none left';
      document.body.append(chat);
    </script>`;
    const ann = await world().open('', { body });
    await ann.live();
    await ann.say('refreshed');

    await ann.sent('refreshed');
  });
});
