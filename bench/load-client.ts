/**
 * The load client: a process of its own, on a core of its own, so that what it costs is not taken
 * from the server it measures. It speaks over bare sockets and parses headers only; frames that it
 * has seen on another connection are compared, not parsed. It says how busy it was: a figure taken
 * while the client was above 90 % is the client's figure, not the server's.
 */

import type { ClosedLoop, ClosedResult, OpenResult, Returning } from './load/load-room.ts';
import { LoadRoom } from './load/load-room.ts';
import { type DialectName, dialects } from './load/other-dialects.ts';
import { type Command, serve } from './rpc.ts';

export interface OpenRoom {
  readonly id: string;
  readonly dialect: DialectName;
  readonly urls: readonly string[];
  readonly room: string;
  readonly run: string;
  readonly members: number;
  readonly mute?: number;
  readonly textBytes: number;
  /** What every message says, in place of so many letters. */
  readonly text?: string;
  /** Come back as the members of this room, which was closed before. */
  readonly returnOf?: string;
  /** With their cursors, so that they resume; else as the same users who have forgotten all. */
  readonly resume?: boolean;
}

/** How much of the time this process computed, 0 … 1. */
interface Busy {
  readonly clientBusy: number;
}

export interface LoadCommands {
  open: Command<OpenRoom, Busy & { readonly ms: number }>;
  closed: Command<ClosedLoop & { readonly id: string }, Busy & ClosedResult>;
  openLoop: Command<
    { id: string; rate: number; senders: number; warmupMs: number; windowMs: number },
    Busy & OpenResult
  >;
  /** Sends this many messages, as fast as they are acked. */
  fill: Command<{ id: string; messages: number; inFlight: number }, Busy>;
  /** Waits until every member has this many entries; answers with how long that took. */
  reached: Command<{ id: string; entries: number }, Busy & { readonly ms: number }>;
  /** Rejects if anything was lost, repeated or reordered on any connection. */
  check: Command<{ id: string }, null>;
  close: Command<{ id: string }, null>;
}

const rooms = new Map<string, LoadRoom>();
/** What the members of closed rooms would come back with. */
const left = new Map<string, readonly Returning[]>();

function roomOf(id: string): LoadRoom {
  const room = rooms.get(id);
  if (room === undefined) throw new Error(`no room ${id} is open`);
  return room;
}

async function busy<Answer extends object>(work: () => Promise<Answer>): Promise<Answer & Busy> {
  const began = performance.now();
  const before = process.cpuUsage();
  const answer = await work();
  const used = process.cpuUsage(before);
  const ms = performance.now() - began;
  return { ...answer, clientBusy: (used.user + used.system) / 1000 / ms };
}

function returning(args: OpenRoom): readonly Returning[] {
  const before = args.returnOf === undefined ? undefined : left.get(args.returnOf);
  if (before === undefined) return [];
  return args.resume === true ? before : before.map(({ token }) => ({ token }));
}

async function open(args: OpenRoom): Promise<{ ms: number }> {
  const dialect = dialects.get(args.dialect);
  if (dialect === undefined) throw new Error(`no dialect ${args.dialect}`);
  const room = new LoadRoom({
    dialect,
    urls: args.urls.map((url) => new URL(url)),
    room: args.room,
    run: args.run,
    members: args.members,
    mute: args.mute ?? 0,
    text: args.text ?? 'm'.repeat(args.textBytes),
    returning: returning(args),
  });
  rooms.set(args.id, room);
  return { ms: await room.open() };
}

function close(id: string): null {
  const room = rooms.get(id);
  if (room === undefined) return null;
  left.set(
    id,
    room.members.map(({ token, cursor }) => ({ token, cursor })),
  );
  room.close();
  rooms.delete(id);
  return null;
}

async function timed(work: Promise<void>): Promise<{ ms: number }> {
  const began = performance.now();
  await work;
  return { ms: performance.now() - began };
}

serve<LoadCommands>({
  open: (args) => busy(() => open(args)),
  closed: (args) => busy(() => roomOf(args.id).closed(args)),
  openLoop: (args) => busy(() => roomOf(args.id).openLoop(args)),
  fill: (args) =>
    busy(() =>
      roomOf(args.id)
        .fill(args)
        .then(() => ({})),
    ),
  reached: (args) => busy(() => timed(roomOf(args.id).reached(args.entries))),
  check: ({ id }) => {
    roomOf(id).check();
    return null;
  },
  close: ({ id }) => close(id),
});
