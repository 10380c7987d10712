/** A server, a clock and clients on both: what nearly every test of the client begins with. */

import type { TestContext } from 'node:test';

import {
  ChatClient,
  type ClientOptions,
  type Environment,
  type Room,
  type RoomSnapshot,
} from '../../component/client/client.ts';
import { FakeClock } from './clock.ts';
import { FakeServer } from './fake-server.ts';

/** One tab's own: its events, and cids that tell which tab minted them. */
export interface Tab {
  readonly client: ChatClient;
  readonly events: EventTarget;
  /** `lobby`, joined. */
  readonly room: Room;
}

export class Chat {
  readonly clock = new FakeClock();
  readonly server = new FakeServer(this.clock);
  #ids = 0;

  /** A client that ends with the test. */
  client(t: TestContext, options: Partial<ClientOptions> = {}): ChatClient {
    const client = new ChatClient({
      server: 'http://chat.test',
      storage: null,
      ...options,
      environment: { ...this.environment(), ...options.environment },
    });
    t.after(() => client.close());
    return client;
  }

  /** A client in the room `lobby`, as soon as it is live. */
  async tab(t: TestContext, options: Partial<ClientOptions> = {}): Promise<Tab> {
    const events = new EventTarget();
    const environment = { events, ...options.environment };
    const client = this.client(t, { ...options, environment });
    const room = client.room('lobby');
    room.join();
    await this.clock.settle();
    return { client, events, room };
  }

  environment(): Partial<Environment> {
    const { clock, server } = this;
    return {
      now: () => clock.now(),
      wall: () => clock.wall(),
      after: (ms, run) => clock.after(ms, run),
      random: () => 0.5,
      mintId: () => `minted-${(this.#ids += 1)}`,
      openSocket: server.openSocket,
      events: undefined,
      locks: undefined,
    };
  }
}

/** A chat of two users, one message of the first in it. */
export async function two(t: TestContext) {
  const chat = new Chat();
  const { room: mine, client } = await chat.tab(t, { token: 'host.ada' });
  const { room: theirs } = await chat.tab(t, { token: 'host.bob' });
  mine.send('first');
  await chat.clock.settle();
  return { chat, mine, theirs, client };
}

/** What the rows say, in order: text, and the state where it is not `sent`. */
export function shown({ snapshot }: { readonly snapshot: RoomSnapshot }): readonly string[] {
  return snapshot.rows.map(({ text, state }) => (state === 'sent' ? text : `${text} (${state})`));
}
