import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';

import { ChatClient } from '../../component/client/client.ts';
import { until } from '../../scripts/fill.ts';
import { ServerProcess, temporaryFolder } from '../support/server-process.ts';

const SCRIPT = path.join(import.meta.dirname, '../../scripts/fill.ts');

interface Ended {
  readonly code: number;
  readonly said: string;
}

async function fillBy(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=source', SCRIPT, ...args]);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

describe('demo:fill', () => {
  it('lets the people of a file speak, in its order, within the default limits', async (t) => {
    await using folder = await temporaryFolder();
    const file = path.join(folder.dir, 'irc.txt');
    await writeFile(
      file,
      '[12:18] <|trey|> hello  :)\n=== x joins\n[12:19]  * kylin_ waves\n[12:19] <|trey|> bye\n',
    );
    await using server = await ServerProcess.start(['--memory']);

    const { code, said } = await fillBy([file, 'living', server.url]);

    assert.equal(said, `3 messages are in "living" of ${server.url}\n`);
    assert.equal(code, 0);
    const client = new ChatClient({ server: server.url, name: 'reader', storage: null });
    t.after(() => client.close());
    const room = client.room('living');
    room.join();
    await until(room, ({ status }) => status === 'live');
    assert.deepEqual(
      room.snapshot.rows.map(({ user, text }) => [user.name, text]),
      [
        ['|trey|', 'hello  :)'],
        ['kylin_', '* kylin_ waves'],
        ['|trey|', 'bye'],
      ],
    );
  });

  it('says in one line what it needs', async () => {
    const { code, said } = await fillBy([]);

    assert.equal(said, 'Usage: npm run demo:fill -- FILE ROOM [SERVER]\n');
    assert.equal(code, 1);
  });
});
