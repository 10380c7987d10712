/** Tabs with `server="demo:"` in one process: their nodes, their news, and one store. */

import { DemoNode, type TabNews } from '../../component/demo/demo-node.ts';
import type { DemoSession } from '../../component/demo/demo-session.ts';
import { type DemoStore, MemoryStore } from '../../component/demo/demo-store.ts';
import type { RoomId, ServerOp } from '../../component/protocol/ops.ts';
import { FakeClock } from './clock.ts';

export const lobby = 'lobby' as RoomId;

let cids = 0;

/** A connection, and what came over it. */
export class DemoMember {
  readonly session: DemoSession;
  ops: ServerOp[] = [];
  closedWith: number | undefined;

  constructor(node: DemoNode) {
    this.session = node.open({
      say: (op) => void this.ops.push(op),
      close: (code) => (this.closedWith = code),
    });
  }

  say(op: object): void {
    this.session.text(JSON.stringify(op));
  }

  /** Sends a message, or a change. */
  send(kind: string, body: object, cid = `cid-${(cids += 1)}`.padEnd(8, '_')): void {
    this.say({ op: 'send', room: lobby, cid, kind, body });
  }

  /** All that came of one kind. */
  of<Name extends ServerOp['op']>(name: Name): Extract<ServerOp, { readonly op: Name }>[] {
    return this.ops.filter((op): op is Extract<ServerOp, { op: Name }> => op.op === name);
  }
}

/** A browser: its clock, its store, and its tabs. */
export class DemoTabs {
  readonly clock = new FakeClock();
  readonly store: DemoStore;
  readonly nodes = new Set<DemoNode>();
  /** Tabs that are frozen or have crashed: they hear nothing and say nothing. */
  readonly silent = new Set<DemoNode>();
  #ids = 0;

  constructor(store: DemoStore = new MemoryStore()) {
    this.store = store;
  }

  /** A new tab. */
  open(): DemoNode {
    const node: DemoNode = new DemoNode({
      store: this.store,
      world: {
        wall: () => this.clock.wall(),
        after: (ms, run) => this.clock.after(ms, run),
        mintId: () => `id-${(this.#ids += 1)}`.padEnd(24, '_'),
      },
      tell: (news) => this.#tell(news, () => node),
      onEnd: () => this.nodes.delete(node),
    });
    this.nodes.add(node);
    return node;
  }

  /** Somebody in the lobby, in this tab or in a new one. Without a name: who may only read. */
  async member(name: string, node = this.open()): Promise<DemoMember> {
    const member = new DemoMember(node);
    member.say({ op: 'hello', v: 1, client: 'test', ...(name === '' ? {} : { name }) });
    member.say({ op: 'join', room: lobby });
    await this.clock.settle();
    return member;
  }

  /** A node asks who else is there while it is being made. */
  #tell(news: TabNews, by: () => DemoNode): void {
    const copy = structuredClone(news);
    queueMicrotask(() => {
      if (this.silent.has(by())) return;
      for (const node of this.nodes) if (node !== by() && !this.silent.has(node)) node.hear(copy);
    });
  }
}
