/** What the server counts, as the text that Prometheus reads. Counts only: no ids, no names. */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ErrorCode } from 'mini-chat/protocol';

/** What is looked up when the text is made. */
export interface Gauges {
  readonly connections: () => number;
  readonly rooms: () => number;
}

/** Counters of one server. */
export class Metrics {
  readonly #delay = monitorEventLoopDelay({ resolution: 20 });
  readonly #refusals = new Map<ErrorCode, number>();
  #entries = 0;
  #connections = 0;
  #told = 0;
  #heard = 0;

  constructor() {
    this.#delay.enable();
  }

  /** Entries became visible on this node. */
  released(count: number): void {
    this.#entries += count;
  }

  /** A WebSocket was opened. */
  connected(): void {
    this.#connections += 1;
  }

  /** A peer was told this code. */
  refused(code: ErrorCode): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  /** This node told the others a piece of news. */
  told(): void {
    this.#told += 1;
  }

  /** Another node told this one a piece of news. */
  heard(): void {
    this.#heard += 1;
  }

  /** The text of /metrics. The loop's delay is that since the last time it was asked for. */
  text({ connections, rooms }: Gauges): string {
    const lines = [
      ...gauge('connections', 'WebSockets open now', connections()),
      ...gauge('rooms', 'rooms live on this node', rooms()),
      ...counter('connections_total', 'WebSockets opened', [['', this.#connections]]),
      ...counter('entries_total', 'entries released to members on this node', [
        ['', this.#entries],
      ]),
      ...counter('news_total', 'texts about volatile facts between nodes', [
        ['{way="told"}', this.#told],
        ['{way="heard"}', this.#heard],
      ]),
      ...counter('refusals_total', 'errors and nacks, by code', this.#refusalRows()),
      ...gauge('loop_delay_p99_seconds', 'event loop delay', this.#delay.percentile(99) / 1e9),
      ...gauge('resident_memory_bytes', 'memory of the process', process.memoryUsage.rss()),
    ];
    this.#delay.reset();
    return `${lines.join('\n')}\n`;
  }

  /** Stops the measuring. */
  close(): void {
    this.#delay.disable();
  }

  #refusalRows(): readonly (readonly [string, number])[] {
    return [...this.#refusals].map(([code, count]) => [`{code="${code}"}`, count]);
  }
}

function gauge(name: string, words: string, value: number): readonly string[] {
  return described(name, words, 'gauge', [['', value]]);
}

function counter(
  name: string,
  words: string,
  rows: readonly (readonly [string, number])[],
): readonly string[] {
  return described(name, words, 'counter', rows);
}

function described(
  name: string,
  words: string,
  ...[kind, rows]: ['gauge' | 'counter', readonly (readonly [string, number])[]]
): readonly string[] {
  const full = `mini_chat_${name}`;
  return [
    `# HELP ${full} ${words}`,
    `# TYPE ${full} ${kind}`,
    ...rows.map(([labels, value]) => `${full}${labels} ${value}`),
  ];
}
