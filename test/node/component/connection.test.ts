import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { openConnection } from '../../../component/client/connection.ts';
import { platform, type Socket } from '../../../component/client/environment.ts';

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(text);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  tell(type: 'open' | 'message' | 'close', fields: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), fields));
  }
}

function connect() {
  const sockets: FakeSocket[] = [];
  const openSocket = (): Socket => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as Socket;
  };
  const told: string[] = [];
  const connection = openConnection(
    { ...platform(), openSocket },
    {
      opened: () => told.push('opened'),
      text: (text) => told.push(text),
      closed: (code) => told.push(`closed ${code}`),
    },
  );
  const open = (): FakeSocket => {
    connection.open(new URL('ws://chat.test/ws'), 'mini-chat.1');
    return sockets.at(-1)!;
  };
  return { connection, told, open };
}

describe('connection', () => {
  test('closes a socket that opens when it is wanted no more', () => {
    const { connection, told, open } = connect();
    const socket = open();
    connection.close();
    socket.closedWith = undefined;

    socket.tell('open');

    assert.equal(socket.closedWith, 1000);
    assert.deepEqual(told, []);
  });

  test('passes text both ways and tells of its end once', () => {
    const { connection, told, open } = connect();
    const socket = open();
    socket.tell('open');
    socket.tell('message', { data: 'hello' });
    connection.say('hi');
    socket.tell('close', { code: 4408 });
    socket.tell('close', { code: 1006 });

    assert.deepEqual(told, ['opened', 'hello', 'closed 4408']);
    assert.deepEqual(socket.sent, ['hi']);
  });

  test('what we closed ourselves tells nothing any more', () => {
    const { connection, told, open } = connect();
    const socket = open();

    connection.close();
    connection.close();
    socket.tell('open');
    socket.tell('message', { data: 'late' });
    socket.tell('close', { code: 1000 });

    assert.equal(socket.closedWith, 1000);
    assert.deepEqual(told, []);
  });

  test('opening again leaves one socket: of the old one nothing is heard', () => {
    const { connection, told, open } = connect();
    const before = open();
    const after = open();

    before.tell('close', { code: 1006 });
    after.tell('open');
    connection.say('hi');

    assert.equal(before.closedWith, 1000);
    assert.deepEqual(told, ['opened']);
    assert.deepEqual([before.sent, after.sent], [[], ['hi']]);
  });

  test('bytes are no text, and without a socket nothing is said', () => {
    const { connection, told, open } = connect();
    connection.say('into the void');
    open().tell('message', { data: new ArrayBuffer(2) });

    assert.deepEqual(told, []);
  });
});
