import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';

import { type Program, ProofProcess } from '../../proof/processes.ts';

/** A server that says its port, ends with 0 when asked to, and with 3 when it is told "end". */
const SCRIPT = `
  const server = require('net').createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (text) => (String(text) === 'end' ? process.exit(3) : socket.write(text)));
  });
  server.listen(Number(process.argv[1]), '127.0.0.1', () => {
    console.log('port ' + server.address().port + ' pid ' + process.pid);
  });
  process.on('SIGTERM', () => process.exit(0));
`;

const echo: Program = {
  name: 'echo',
  file: process.execPath,
  args: (port) => ['-e', SCRIPT, String(port)],
  portIn: (said) => {
    const port = /port (\d+)/.exec(said)?.[1];
    return port === undefined ? undefined : Number(port);
  },
};

async function says(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  try {
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return answer.toString();
  } finally {
    socket.destroy();
  }
}

describe('ProofProcess', () => {
  it('starts again on the same port after a crash', async (t) => {
    const process = await ProofProcess.start(echo);
    t.after(() => process.crash());
    const { port } = process;

    await process.crash();
    assert.equal(process.isUp, false);
    await process.startAgain();

    assert.equal(process.port, port);
    assert.equal(await says(port, 'hello'), 'hello');
    assert.deepEqual(process.takeOwnEnds(), []);
  });

  it('tells the exit code of a drain', async () => {
    const process = await ProofProcess.start(echo);

    assert.equal(await process.drain(), 0);
    assert.deepEqual(process.takeOwnEnds(), []);
  });

  it('stops and goes on', async (t) => {
    const process = await ProofProcess.start(echo);
    t.after(() => process.crash());

    process.pause();
    let isAnswered = false;
    const answer = says(process.port, 'hello').then((text) => {
      isAnswered = true;
      return text;
    });
    // The one wait here that no fact can replace: that nothing happens.
    await wait(200);
    assert.equal(isAnswered, false);
    process.goOn();

    assert.equal(await answer, 'hello');
  });

  it('tells of an end that nobody asked for', async () => {
    const process = await ProofProcess.start(echo);

    const socket = connect(process.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('end');
    await once(socket, 'close');
    while (process.isUp) await wait(5);

    assert.deepEqual(process.takeOwnEnds(), ['echo ended by itself, 3']);
    assert.deepEqual(process.takeOwnEnds(), []);
  });

  it('leaves nothing behind, even when its own process is ended without warning', async () => {
    const file = new URL('../../proof/processes.ts', import.meta.url).href;
    const script = `
      const { ProofProcess } = await import(${JSON.stringify(file)});
      const process = await ProofProcess.start({
        name: 'echo',
        file: ${JSON.stringify(process.execPath)},
        args: () => ['-e', ${JSON.stringify(SCRIPT)}, '0'],
        portIn: (said) => Number(/port (\\d+)/.exec(said)?.[1]) || undefined,
      });
      console.log('child ' + /pid (\\d+)/.exec(process.lastWords)[1]);
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(/child (\d+)/.exec(said.toString())?.[1]);
    assert.ok(isRunning(pid));

    parent.kill('SIGKILL');

    // Ends by a fact, or by the runner's own time limit.
    while (isRunning(pid)) await wait(10);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process: the answer that was asked for.
    return false;
  }
}
