/**
 * One room full of members and the two ways to load it. Closed loop: `inFlight` messages are always
 * under way, a new one is sent when one has reached everybody; measures what a server can do. Open
 * loop: messages leave by the clock whatever happens, and latency counts from the moment each was
 * due, so a server that stalls cannot hide it by slowing its own load.
 */

import { Histogram, type HistogramSummary } from '../stats.ts';
import type { Dialect, Place } from './dialect.ts';
import { Ledger } from './ledger.ts';
import { Member } from './member.ts';

interface RoomOptions {
  readonly dialect: Dialect;
  /** Several servers that are one chat; members are spread over them. */
  readonly urls: readonly URL[];
  readonly room: string;
  readonly run: string;
  readonly members: number;
  /** Members besides those that never read. */
  readonly mute: number;
  readonly text: string;
  /** Come back as these users, from these places. */
  readonly returning?: readonly Returning[];
}

export interface Returning {
  readonly token?: string | undefined;
  readonly cursor?: Place | undefined;
}

export interface ClosedLoop {
  readonly inFlight: number;
  /** A sender's next message leaves when it has its last one back, or when everybody has it. */
  readonly pace: 'sender' | 'everyone';
  /** Senders on all servers of the room, not on the first alone. */
  readonly isSpread?: boolean;
  readonly warmupMs: number;
  readonly windowMs: number;
}

export interface ClosedResult {
  readonly perSecond: number;
  readonly messages: number;
  /** All that were sent, those of the warm-up and of the end included. */
  readonly sent: number;
  /** Entries in one frame, on average. */
  readonly batch: number;
  /** Send → on every connection and acked, in ms. */
  readonly latency: HistogramSummary;
}

export interface OpenResult {
  readonly sent: number;
  readonly perSecond: number;
  /** Due → on one connection, in ms, over all of them. */
  readonly latency: HistogramSummary;
  /** The same per server, when there are several: the first holds the senders. */
  readonly byServer: readonly HistogramSummary[];
  /** How long after the last message was due it had reached everybody. */
  readonly drainMs: number;
  /** Messages that had not reached everybody when the wait for them was given up. */
  readonly leftOver: number;
}

/** Connections being opened at once: more only fill the server's accept queue. */
const OPENING_MAX = 128;
/** A run in which nothing is done for this long has failed. */
const STALL_MS = 20_000;
/** A server that still has messages of an open loop to deliver after this has fallen behind. */
const BEHIND_MS = 5000;
/** A closed-loop window grows until this many times W are done, but not beyond so many windows. */
const DONE_TIMES = 4;
const WINDOWS_MAX = 4;
/** Each connection says that it lives this often. */
const BEAT_MS = 25_000;
const BEAT_SLICE_MS = 50;

export class LoadRoom {
  readonly members: Member[] = [];
  readonly mutes: Member[] = [];
  readonly ledger: Ledger;
  readonly #options: RoomOptions;
  #n = 0;
  /** Members that are in, or never will be. */
  #settled = 0;
  #beat: NodeJS.Timeout | undefined;
  #ended: string | undefined;
  #isClosed = false;

  constructor(options: RoomOptions) {
    this.#options = options;
    this.ledger = new Ledger({ members: options.members, acks: options.dialect.acks });
  }

  /** Resolves with the ms it took when every member is in the room. */
  async open(): Promise<number> {
    const began = performance.now();
    const all = this.#options.members + this.#options.mute;
    await Promise.race([this.#enterAll(all), this.#progress(() => all - this.#settled)]);
    const ms = performance.now() - began;
    if (this.#ended !== undefined) throw new Error(this.#ended);
    this.#startBeats();
    return ms;
  }

  async #enterAll(count: number): Promise<void> {
    const waiting = new Set<Promise<void>>();
    for (let index = 0; index < count && this.#ended === undefined; index += 1) {
      const entered = this.#enter(index).finally(() => {
        this.#settled += 1;
        waiting.delete(entered);
      });
      waiting.add(entered);
      if (waiting.size >= OPENING_MAX) await Promise.race(waiting);
    }
    await Promise.all(waiting);
  }

  /**
   * Keeps `inFlight` messages under way, each of another member. What counts is a message that has
   * reached everybody, after the warm-up and within the window.
   */
  async closed(o: ClosedLoop): Promise<ClosedResult> {
    const sentAt = new Map<number, { at: number; sender: Member }>();
    const [first, frames] = [this.#n, this.ledger.frameCount];
    const latency = new Histogram();
    const from = performance.now() + o.warmupMs;
    let last = from;
    const isOpen = (now: number): boolean =>
      now < from + o.windowMs ||
      (latency.count < o.inFlight * DONE_TIMES && now < from + o.windowMs * WINDOWS_MAX);
    const send = (sender: Member, at: number): void => {
      sentAt.set(this.#send(sender), { at, sender });
    };
    const next = (n: number, now: number): void => {
      const sender = sentAt.get(n)?.sender;
      if (sender !== undefined && isOpen(now)) send(sender, now);
    };
    this.ledger.onDone = (n, now) => {
      const sent = sentAt.get(n);
      if (o.pace === 'everyone') next(n, now);
      sentAt.delete(n);
      if (sent === undefined || now < from || !isOpen(now)) return;
      latency.record((now - sent.at) * 1000);
      last = now;
    };
    if (o.pace === 'sender') {
      this.ledger.onDelivery = (n, reader, now) => {
        if (sentAt.get(n)?.sender === reader) next(n, now);
      };
    }
    const senders = this.#senders(o.inFlight, o.isSpread);
    for (const sender of senders) send(sender, performance.now());
    while (isOpen(performance.now()) && !this.#faulty()) await sleep(20);
    await this.#allDone();
    this.ledger.onDone = undefined;
    this.ledger.onDelivery = undefined;
    const sent = this.#n - first;
    const batch = (sent * this.members.length) / (this.ledger.frameCount - frames);
    return { ...closedResult(latency, last - from, o.windowMs), sent, batch };
  }

  /** Sends by the clock; `rate` is messages a second, from up to `senders` members in turn. */
  async openLoop(o: {
    rate: number;
    senders: number;
    warmupMs: number;
    windowMs: number;
  }): Promise<OpenResult> {
    const latency = new Histogram();
    const groups = this.#options.urls.map(() => new Histogram());
    const began = performance.now();
    const firstN = this.#n;
    const warmup = Math.round((o.rate * o.warmupMs) / 1000);
    const total = warmup + Math.round((o.rate * o.windowMs) / 1000);
    const dueAt = (n: number): number => began + ((n - firstN) * 1000) / o.rate;
    this.ledger.onDelivery = (n, { group }, now) => {
      if (n < firstN + warmup) return;
      const us = (now - dueAt(n)) * 1000;
      latency.record(us);
      groups[group]?.record(us);
    };
    await this.#sendByClock({ total, dueAt, senders: this.#senders(o.senders) });
    const leftOver = await this.#doneWithin(BEHIND_MS);
    this.ledger.onDelivery = undefined;
    const endedAt = performance.now();
    return {
      sent: total,
      perSecond: (total / (endedAt - began)) * 1000,
      latency: latency.summary(1 / 1000),
      byServer: groups.map((group) => group.summary(1 / 1000)),
      drainMs: endedAt - dueAt(firstN + total - 1),
      leftOver,
    };
  }

  /** Sends this many messages with so many under way, and resolves when all are everywhere. */
  async fill(o: { messages: number; inFlight: number }): Promise<void> {
    const end = this.#n + o.messages;
    const senders = this.#senders(Math.min(o.inFlight, o.messages));
    this.ledger.onDone = () => {
      const sender = senders[this.#n % senders.length];
      if (this.#n < end && sender !== undefined) this.#send(sender);
    };
    for (const sender of senders) this.#send(sender);
    await this.#progress(() => this.ledger.underWay);
    this.ledger.onDone = undefined;
    this.check();
  }

  /** Resolves once every member is at this place; rejects when they stop getting nearer. */
  async reached(places: number): Promise<void> {
    await this.#progress(() => {
      const short = this.members.filter(({ next }) => next < places);
      return short.reduce((sum, { next }) => sum + places - next, 0);
    });
  }

  /** Throws unless every message of this room is on every connection, once and in one order. */
  check(): void {
    const fault = this.#ended ?? this.ledger.verdict(this.members);
    if (fault !== undefined) throw new Error(fault);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#beat);
    for (const member of [...this.members, ...this.mutes]) member.close();
  }

  /** Resolves when the member is in, or has ended: then `#ended` says why. */
  #enter(index: number): Promise<void> {
    const { dialect, urls, room, run, members, returning } = this.#options;
    const isMute = index >= members;
    const group = index % urls.length;
    const back = returning?.[index];
    const { promise, resolve } = Promise.withResolvers<void>();
    const member = new Member({
      url: urls[group] ?? new URL('http://invalid'),
      dialect,
      greeting: {
        member: index,
        room,
        run,
        ...(back?.token === undefined ? {} : { token: back.token }),
        ...(back?.cursor === undefined ? {} : { cursor: back.cursor }),
      },
      ledger: this.ledger,
      group,
      isMute,
      onReady: resolve,
      onEnd: (why) => {
        // A server may well throw out a member that never reads; that is no fault of the run.
        if (!isMute && !this.#isClosed) this.#ended ??= `member ${index}: ${why}`;
        resolve();
      },
    });
    (isMute ? this.mutes : this.members).push(member);
    return promise;
  }

  /** Spread over the members of the first server or of all: slices and order have no favourite. */
  #senders(count: number, isSpread = false): readonly Member[] {
    const able = this.members.filter(({ group }) => isSpread || group === 0);
    return Array.from({ length: count }, (_, index) => {
      const sender = able[Math.floor((index * able.length) / count) % able.length];
      if (sender === undefined) throw new Error('a room without members has no senders');
      return sender;
    });
  }

  #send(sender: Member): number {
    const n = this.#n;
    this.#n += 1;
    this.ledger.send(n);
    sender.send(n, this.#options.text);
    return n;
  }

  async #sendByClock(o: {
    total: number;
    dueAt: (n: number) => number;
    senders: readonly Member[];
  }): Promise<void> {
    const end = this.#n + o.total;
    while (this.#n < end) {
      if (this.#faulty()) return;
      const now = performance.now();
      while (this.#n < end && o.dueAt(this.#n) <= now) {
        const sender = o.senders[this.#n % o.senders.length];
        if (sender !== undefined) this.#send(sender);
      }
      await sleep(Math.max(0, Math.min(o.dueAt(this.#n) - performance.now(), 5)));
    }
  }

  /** Waits for what is under way, but not for ever: how much is left when time is up. */
  async #doneWithin(ms: number): Promise<number> {
    const until = performance.now() + ms;
    while (this.ledger.underWay > 0 && !this.#faulty() && performance.now() < until) await sleep(1);
    if (this.ledger.underWay === 0 || this.#faulty()) this.check();
    return this.ledger.underWay;
  }

  async #allDone(): Promise<void> {
    await this.#progress(() => this.ledger.underWay);
    this.check();
  }

  /** Waits until nothing remains; gives up when the remainder stays the same for too long. */
  async #progress(remaining: () => number): Promise<void> {
    let least = Number.POSITIVE_INFINITY;
    let movedAt = performance.now();
    for (let left = remaining(); left > 0; left = remaining()) {
      if (this.#faulty()) return this.check();
      if (left < least) {
        least = left;
        movedAt = performance.now();
      }
      if (performance.now() - movedAt > STALL_MS) throw new Error(`${left} of them never came`);
      await sleep(1);
    }
  }

  #faulty(): boolean {
    return (this.#ended ?? this.ledger.fault) !== undefined;
  }

  /** A few at a time, as clients that do not know each other would. */
  #startBeats(): void {
    const all = [...this.members, ...this.mutes];
    let next = 0;
    let due = 0;
    this.#beat = setInterval(() => {
      for (due += (all.length * BEAT_SLICE_MS) / BEAT_MS; due >= 1; due -= 1) {
        all[next]?.beat();
        next = (next + 1) % all.length;
      }
    }, BEAT_SLICE_MS);
  }
}

function closedResult(
  latency: Histogram,
  ms: number,
  windowMs: number,
): Omit<ClosedResult, 'sent' | 'batch'> {
  const messages = latency.count;
  if (messages === 0) throw new Error(`no message was done in ${windowMs * WINDOWS_MAX} ms`);
  const perSecond = (messages / Math.max(1, ms)) * 1000;
  return { perSecond, messages, latency: latency.summary(1 / 1000) };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
