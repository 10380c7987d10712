/**
 * What `server="demo:"` connects to: the file that the client loads in place of opening a
 * WebSocket. Everything that the platform has and a node needs is put together here.
 */

import type { Release } from '../client/environment.ts';
import type { ServerOp } from '../protocol/ops.ts';
import { DemoNode, type TabNews } from './demo-node.ts';
import type { DemoConnection, DemoWorld } from './demo-session.ts';
import { type DemoStore, openDemoStore } from './demo-store.ts';

/** The client's end, which it has before this file is there: an event target without a wire. */
export interface DemoSocket extends EventTarget {
  send?(text: string): void;
  close?(): void;
}

/** Changed together with what is told over it, since tabs may run different versions of this. */
const NAME = 'mini-chat-demo-2';

/** The one of this page, while anybody is connected. */
let node: Promise<DemoNode> | undefined;

/** Makes a socket work: it opens, and from then on a server answers. */
export async function begin(socket: DemoSocket): Promise<void> {
  const server = await (node ??= openNode());
  const session = server.open(connectionOf(socket));
  socket.send = (text) => session.text(text);
  socket.close = () => session.closed();
  socket.dispatchEvent(new Event('open'));
}

/** In turns of their own, as from a network. */
function connectionOf(socket: DemoSocket): DemoConnection {
  return {
    say(op: ServerOp) {
      const data = JSON.stringify(op);
      queueMicrotask(() => socket.dispatchEvent(new MessageEvent('message', { data })));
    },
    close(code) {
      queueMicrotask(() => socket.dispatchEvent(Object.assign(new Event('close'), { code })));
    },
  };
}

async function openNode(): Promise<DemoNode> {
  const store = await openDemoStore(() => opened.close());
  const ends: Release[] = [];
  const { tell, hearBy } = openNews(store, ends);
  const onEnd = (): void => {
    node = undefined;
    for (const end of ends) end();
  };
  const opened = new DemoNode({ store, world, tell, onEnd });
  hearBy((news) => opened.hear(news));
  if (typeof window !== 'undefined') {
    // A page that goes says so; one that comes back out of the browser's cache begins again.
    const leave = (): void => opened.close();
    window.addEventListener('pagehide', leave);
    ends.push(() => window.removeEventListener('pagehide', leave));
  }
  return opened;
}

/** Between tabs, where they have a store in common; else this one is alone. */
function openNews({ isShared }: DemoStore, ends: Release[]) {
  if (!isShared || typeof BroadcastChannel === 'undefined') {
    return { tell: () => undefined, hearBy: () => undefined };
  }
  const wire = new BroadcastChannel(NAME);
  ends.push(() => wire.close());
  return {
    tell: (news: TabNews) => wire.postMessage(news),
    hearBy: (hear: (news: TabNews) => void) => {
      wire.onmessage = ({ data }: MessageEvent<TabNews>) => hear(data);
    },
  };
}

const world: DemoWorld = {
  wall: Date.now,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  mintId: () => {
    const bytes = crypto.getRandomValues(new Uint8Array(18));
    return btoa(String.fromCharCode(...bytes)).replace(/\W/g, '-');
  },
};
