/**
 * One room's drafts, in the order in which they will be sent, as a pure machine. At most one is in
 * flight, so that the log keeps the order of sending (G6); the same cid is sent until it is
 * answered, so that nothing is lost and nothing is stored twice (G4, G9).
 *
 * Every input makes a new list of drafts, or none, and ends in `settle`. Invariant, held there:
 * while live, the draft in flight is unsent, and one is in flight if any is unsent.
 */

import type { AckOp, Cid, Ms, NackOp, Seq } from '../protocol/ops.ts';
import { type Draft, isUnsent } from './draft.ts';
import { backoff, type Input, type Step } from './machine.ts';
import { refusalOf } from './refusal.ts';

/** The one draft that was sent and is not answered, or is to be sent again. */
interface Flight {
  readonly cid: Cid;
  /** Then it is sent again. */
  readonly until: Ms;
  /** How often it was answered with "not now". */
  readonly tries: number;
}

/** The drafts of a room, and how far the one in front is. */
export interface Outbox {
  readonly drafts: readonly Draft[];
  readonly isLive: boolean;
  readonly flight?: Flight | undefined;
}

/** What can happen to an outbox, and what comes with it. */
interface OutboxInputs {
  readonly live: undefined;
  readonly gone: undefined;
  readonly timeout: undefined;
  readonly add: Draft;
  /** Drafts of an earlier visit, or of a tab that was closed. */
  readonly adopt: readonly Draft[];
  readonly ack: Pick<AckOp, 'cid' | 'seq'>;
  readonly nack: NackOp;
  /** These drafts were among the entries that came; or among those of another log. */
  readonly seen: { readonly cids: ReadonlySet<Cid>; readonly isOther: boolean };
  readonly retry: Cid;
  readonly discard: Cid;
}

/** One of them. */
export type OutboxInput = Input<OutboxInputs>;

/** A draft to be sent; `rejoin`: the server does not know that we are in the room. */
export type OutboxEffect = Draft | 'rejoin';

type OutboxStep = Step<Outbox, OutboxEffect>;

/** What a step may depend on beside its input. */
interface OutboxMoment {
  readonly now: Ms;
  /** 0 ≤ random < 1. */
  readonly random: number;
  /** The seq up to which the log is here: a draft stored at or below it has its row there. */
  readonly last: Seq;
  /** A change that can change nothing any more, and needs no answer. */
  isMoot(draft: Draft): boolean;
}

/** Above the server's own deadline of 30 s, after which it answers `unavailable`. */
export const ANSWER_MS_MAX = 40_000;
const RESEND_MS_MIN = 500;
const RESEND_MS_MAX = 10_000;
/** Live, yet told "not now" so often, which is two minutes: the reader shall know, and decide. */
export const TRIES_MAX = 20;

/** Before anything was written. */
export const emptyOutbox: Outbox = { drafts: [], isLive: false };

/** What comes next. */
export function stepOutbox(
  outbox: Outbox,
  [input, value]: OutboxInput,
  moment: OutboxMoment,
): OutboxStep {
  // That a cell belongs to its input is what TypeScript cannot see.
  return cells[input](outbox, value as never, moment);
}

const cells: {
  readonly [I in keyof OutboxInputs]: (
    outbox: Outbox,
    value: OutboxInputs[I],
    moment: OutboxMoment,
  ) => OutboxStep;
} = {
  live: (outbox, _value, moment) => settle({ ...outbox, isLive: true }, outbox.drafts, moment),
  gone: ({ drafts }) => [{ drafts, isLive: false }],
  /** No answer, or the wait is over: the same again. */
  timeout: (outbox, _value, { now }) => {
    const { flight } = outbox;
    const draft = flight && find(outbox, flight.cid);
    return draft
      ? [{ ...outbox, flight: { ...flight, until: now + ANSWER_MS_MAX } }, draft]
      : [outbox];
  },
  add: (outbox, draft, moment) => settle(outbox, [...outbox.drafts, draft], moment),
  /** Adopted drafts are older than what was written here, and go first. */
  adopt: (outbox, drafts, moment) => {
    const strange = drafts.filter(({ cid }) => !find(outbox, cid));
    return settle(outbox, strange[0] ? [...strange, ...outbox.drafts] : outbox.drafts, moment);
  },
  /** The row of an entry that is still on its way stays where it is, so that nothing flickers. */
  ack: (outbox, { cid, seq }, moment) =>
    settle(outbox, replace(outbox, cid, { ack: seq, failure: undefined }), moment),
  nack,
  /** What another log acknowledged may not be in this one: the same cid will tell. */
  seen: (outbox, { cids, isOther }, moment) => {
    const drafts = keep(outbox.drafts, ({ cid }) => !cids.has(cid));
    const next = isOther ? drafts.map((one) => ({ ...one, ack: undefined })) : drafts;
    return settle(outbox, next, moment);
  },
  retry: (outbox, cid, moment) =>
    settle(outbox, replace(outbox, cid, { failure: undefined }), moment),
  discard: (outbox, cid, moment) => settle(outbox, without(outbox, cid), moment),
};

function nack(outbox: Outbox, op: NackOp, moment: OutboxMoment): OutboxStep {
  const { flight } = outbox;
  const { cid, code, retry, afterMs } = op;
  if (flight?.cid !== cid) return [outbox];
  // Whoever did it, it is done.
  if (code === 'no_change') return settle(outbox, without(outbox, cid), moment);
  if (afterMs !== undefined && retry) {
    const until = moment.now + afterMs + 250 * moment.random;
    return [{ ...outbox, flight: { ...flight, until } }];
  }
  const isLost = code === 'not_joined';
  const tries = flight.tries + 1;
  if ((!retry && !isLost) || tries > TRIES_MAX) {
    return settle(outbox, replace(outbox, cid, { failure: refusalOf(op) }), moment);
  }
  // Never at once: half of the wait is certain, or a sick server would be asked in a loop.
  const until = backoff(moment, RESEND_MS_MIN, RESEND_MS_MAX, flight.tries);
  const next = { ...outbox, flight: { cid, until, tries } };
  return isLost ? [next, 'rejoin'] : [next];
}

function find({ drafts }: Outbox, cid: Cid): Draft | undefined {
  return drafts.find((draft) => draft.cid === cid);
}

function replace(
  { drafts }: Outbox,
  cid: Cid,
  more: Pick<Draft, 'ack' | 'failure'>,
): readonly Draft[] {
  return drafts.map((draft) => (draft.cid === cid ? { ...draft, ...more } : draft));
}

/** One that was acknowledged stays until its entry comes. */
function without({ drafts }: Outbox, cid: Cid): readonly Draft[] {
  return keep(drafts, (one) => one.cid !== cid || !!one.ack);
}

/** The same list when all are kept. */
function keep(drafts: readonly Draft[], isKept: (draft: Draft) => boolean): readonly Draft[] {
  return drafts.every(isKept) ? drafts : drafts.filter(isKept);
}

/** Without those whose row is there, or that are moot; if none is in flight, the next one goes. */
function settle(
  { isLive, flight }: Outbox,
  given: readonly Draft[],
  { now, last, isMoot }: OutboxMoment,
): OutboxStep {
  const drafts = keep(given, (draft) => (draft.ack ?? Infinity) > last && !isMoot(draft));
  const next = drafts.find(isUnsent);
  if (!isLive || !next) return [{ drafts, isLive }];
  if (flight && drafts.some((draft) => draft.cid === flight.cid && isUnsent(draft))) {
    return [{ drafts, isLive, flight }];
  }
  const { cid } = next;
  return [{ drafts, isLive, flight: { cid, until: now + ANSWER_MS_MAX, tries: 0 } }, next];
}
