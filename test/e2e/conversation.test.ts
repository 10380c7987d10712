import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';

import { Crowd, type Heard } from '../support/crowd.ts';
import { CuttingProxy } from '../support/cutting-proxy.ts';
import { conversation, type Line, nicksOf } from '../support/irc.ts';
import { databaseUrl, startMongo } from '../support/mongo.ts';
import { seededRandom, seedOfRun } from '../support/seed.ts';
import { LIFTED, ServerProcess, temporaryFolder } from '../support/server-process.ts';

interface Plan {
  readonly servers: readonly ServerProcess[];
  readonly lines: readonly Line[];
  /** The line before which the first server crashes and starts again; none: never. */
  readonly crashAt?: number;
}

/** Plays the conversation and checks what everybody has at its end. Resolves with the resets. */
async function play(t: TestContext, { servers, lines, crashAt }: Plan): Promise<number> {
  const seed = seedOfRun();
  t.diagnostic(`SEED=${seed}`);
  const proxies = await Promise.all(servers.map(({ port }) => CuttingProxy.open(Number(port))));
  const crowd = new Crowd({ room: 'ubuntu', lines, proxies, random: seededRandom(seed) });
  try {
    await crowd.gather();
    crowd.loseReader();
    await crowd.speak(async (index) => {
      if (index !== crashAt) return;
      await servers[0]?.crash();
      await servers[0]?.startAgain();
      crowd.wake();
    });
    await crowd.settle();
    t.diagnostic(`${crowd.losses} disconnects, ${crowd.resets} resets`);
    check(crowd, lines);
    return crowd.resets;
  } finally {
    crowd.close();
    await Promise.all(proxies.map((proxy) => proxy.close()));
  }
}

/** Every reader has every line once, in one order, byte for byte, and each speaker's in theirs. */
function check(crowd: Crowd, lines: readonly Line[]): void {
  const [first = [], ...others] = crowd.heard().values();

  assert.deepEqual(
    first.map(({ seq }) => seq),
    lines.map((_, index) => index + 1),
  );
  for (const nick of nicksOf(lines)) assert.deepEqual(saidBy(nick, first), saidBy(nick, lines));
  for (const other of others) assert.deepEqual(other, first);
}

function saidBy(nick: string, lines: readonly (Line | Heard)[]): readonly string[] {
  return lines.filter((line) => line.nick === nick).map(({ text }) => text);
}

describe('A recorded conversation', () => {
  it('reaches every reader once, in one order, over SQLite and through a crash', async (t) => {
    const { name, lines } = conversation('2004', 1077);
    t.diagnostic(name);
    await using folder = await temporaryFolder();
    await using server = await ServerProcess.start(['--data', folder.dir, ...LIFTED]);

    const resets = await play(t, { servers: [server], lines, crashAt: 600 });

    assert.equal(resets, 1, 'the reader was over 1000 behind, and started from the newest page');
  });

  it('reaches every reader once, in one order, over two servers on one MongoDB', async (t) => {
    const { name, lines } = conversation('2016', 400);
    t.diagnostic(name);
    const mongo = await startMongo();
    t.after(() => mongo.close());
    t.diagnostic(`MongoDB: ${mongo.kind}`);
    const url = databaseUrl(mongo.url, `conversation-${process.pid}`);
    await using first = await ServerProcess.start(['--mongo', url, ...LIFTED]);
    await using second = await ServerProcess.start(['--mongo', url, ...LIFTED]);

    await play(t, { servers: [first, second], lines, crashAt: 250 });
  });
});
