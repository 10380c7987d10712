/**
 * One room's drafts, in the order in which they will be sent, as a pure machine. At most one is in
 * flight, so that the log keeps the order of sending (G6); the same cid is sent until it is
 * answered, so that nothing is lost and nothing is stored twice (G4, G9).
 *
 *   idle (room not live) ⇄ ready → sending ⇄ waiting (told to try later)
 */

import type { Cid, MessageBody, Ms, NackOp, Seq } from '../protocol/ops.ts';
import { stay, type Step, step, type Table, to } from './machine.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** A message that is not in the log yet, as far as we know. */
export interface Draft {
  readonly cid: Cid;
  readonly body: MessageBody;
  readonly at: Ms;
  /** Refused: it waits for Retry or Discard while later ones go on. */
  readonly failure?: Refusal;
  /** Acknowledged: stored at this seq, but the entry itself has not come yet. */
  readonly ack?: { readonly seq: Seq; readonly at: Ms };
}

interface Idle {
  readonly state: 'idle';
  readonly drafts: readonly Draft[];
}

interface Ready {
  readonly state: 'ready';
  readonly drafts: readonly Draft[];
}

interface Busy {
  readonly drafts: readonly Draft[];
  /** The one draft in flight. */
  readonly cid: Cid;
  readonly until: Ms;
  /** How often, and since when, it was answered with "not now". */
  readonly tries: number;
  readonly nackedAt?: Ms | undefined;
}

interface Sending extends Busy {
  readonly state: 'sending';
}

interface Waiting extends Busy {
  readonly state: 'waiting';
}

/** The drafts of a room, and how far the one in front is. */
export type Outbox = Idle | Ready | Sending | Waiting;

/** What can happen to an outbox. */
export type OutboxInput =
  | { readonly input: 'live' | 'gone' | 'timeout' }
  | { readonly input: 'add'; readonly draft: Draft }
  /** Drafts of an earlier visit, or of a tab that was closed. */
  | { readonly input: 'adopt'; readonly drafts: readonly Draft[] }
  | { readonly input: 'ack'; readonly cid: Cid; readonly seq: Seq; readonly at: Ms }
  | { readonly input: 'nack'; readonly op: NackOp }
  /** The log is known up to `last`, and these drafts were among what came. */
  | { readonly input: 'seen'; readonly cids: ReadonlySet<Cid>; readonly last: Seq }
  | { readonly input: 'retry'; readonly cid: Cid }
  | { readonly input: 'discard'; readonly cid: Cid };

/** What an outbox wants done. */
export type OutboxEffect =
  | { readonly effect: 'send'; readonly draft: Draft }
  /** The server does not know that we are in the room. */
  | { readonly effect: 'rejoin' };

type OutboxStep = Step<Outbox, OutboxEffect>;

/** What a step may depend on beside its input. */
interface OutboxMoment {
  readonly now: Ms;
  /** 0 ≤ random < 1. */
  readonly random: number;
  /** The seq up to which the log is here: an ack at or below it means that the row is there. */
  readonly last: Seq;
}

/** Above the server's own deadline of 30 s, after which it answers `unavailable`. */
export const ANSWER_MS_MAX = 40_000;
const RESEND_MS_MIN = 500;
const RESEND_MS_MAX = 10_000;
/** Live, yet told "not now" for so long: the reader shall know, and decide. */
export const GIVE_UP_MS = 120_000;

/** Before anything was written. */
export const emptyOutbox: Outbox = { state: 'idle', drafts: [] };

/** What comes next. */
export function stepOutbox(outbox: Outbox, input: OutboxInput, moment: OutboxMoment): OutboxStep {
  return step<Outbox, OutboxEffect, OutboxInput, OutboxMoment>(table, outbox, input, moment);
}

/** Whether a draft still has to reach the server. */
export function isUnsent(draft: Draft): boolean {
  return draft.ack === undefined && draft.failure === undefined;
}

/**
 * The drafts as another user may send them. The first unsent one may have been stored already
 * under the old user, where its cid cannot find it: its author must decide.
 */
export function orphan(drafts: readonly Draft[], failure: Refusal): readonly Draft[] {
  const first = drafts.find(isUnsent);
  return drafts
    .filter(({ ack }) => ack === undefined)
    .map((draft) => (draft === first ? { ...draft, failure } : draft));
}

type InputOf<I> = Extract<OutboxInput, { readonly input: I }>;

/** What the reader does, and what the log says, counts in every state. */
const always = { add, adopt, ack, seen, retry, discard };

const table: Table<Outbox, OutboxEffect, OutboxInput, OutboxMoment> = {
  idle: { ...always, live: becomeLive, gone: stay, timeout: stay, nack: stay },
  ready: { ...always, live: stay, gone, timeout: stay, nack: stay },
  sending: { ...always, live: stay, gone, timeout: sendAgain, nack },
  waiting: { ...always, live: stay, gone, timeout: sendAgain, nack: stay },
};

function becomeLive({ drafts }: Outbox, _input: unknown, moment: OutboxMoment): OutboxStep {
  return sendNext(drafts, moment);
}

function gone({ drafts }: Outbox): OutboxStep {
  return to({ state: 'idle', drafts });
}

function add(outbox: Outbox, { draft }: InputOf<'add'>, moment: OutboxMoment): OutboxStep {
  return change(outbox, [...outbox.drafts, draft], moment);
}

/** Adopted drafts are older than what was written here, and go first. */
function adopt(outbox: Outbox, { drafts }: InputOf<'adopt'>, moment: OutboxMoment): OutboxStep {
  const own = new Set(outbox.drafts.map(({ cid }) => cid));
  const strange = drafts.filter(({ cid }) => !own.has(cid));
  if (strange.length === 0) return stay(outbox);
  return change(outbox, [...strange, ...outbox.drafts], moment);
}

function ack(outbox: Outbox, { cid, seq, at }: InputOf<'ack'>, moment: OutboxMoment): OutboxStep {
  // The row of an entry that is still on its way stays where it is, so that nothing flickers.
  return change(
    outbox,
    seq <= moment.last
      ? outbox.drafts.filter((draft) => draft.cid !== cid)
      : outbox.drafts.map((draft) => (draft.cid === cid ? acked(draft, seq, at) : draft)),
    moment,
  );
}

function acked({ cid, body }: Draft, seq: Seq, at: Ms): Draft {
  return { cid, body, at, ack: { seq, at } };
}

function seen(outbox: Outbox, { cids, last }: InputOf<'seen'>, moment: OutboxMoment): OutboxStep {
  const isThere = ({ cid, ack: known }: Draft): boolean =>
    cids.has(cid) || (known !== undefined && known.seq <= last);
  if (!outbox.drafts.some(isThere)) return stay(outbox);
  const drafts = outbox.drafts.filter((draft) => !isThere(draft));
  return change(outbox, drafts, moment);
}

function retry(outbox: Outbox, { cid }: InputOf<'retry'>, moment: OutboxMoment): OutboxStep {
  const draft = outbox.drafts.find((one) => one.cid === cid);
  if (draft?.failure === undefined) return stay(outbox);
  const { failure: _answered, ...again } = draft;
  return change(outbox, [...outbox.drafts.filter((one) => one !== draft), again], moment);
}

function discard(outbox: Outbox, { cid }: InputOf<'discard'>, moment: OutboxMoment): OutboxStep {
  const drafts = outbox.drafts.filter((draft) => draft.cid !== cid || draft.ack !== undefined);
  return change(outbox, drafts, moment);
}

function nack(sending: Sending, { op }: InputOf<'nack'>, moment: OutboxMoment): OutboxStep {
  if (op.cid !== sending.cid) return stay(sending);
  const isLost = op.code === 'not_joined';
  if (!op.retry && !isLost) return fail(sending, op, moment);
  if (op.afterMs !== undefined) return later(sending, op.afterMs + 250 * moment.random, moment);

  const { tries, nackedAt = moment.now } = sending;
  if (moment.now - nackedAt >= GIVE_UP_MS) return fail(sending, op, moment);
  const maxMs = Math.min(RESEND_MS_MAX, RESEND_MS_MIN * 2 ** tries);
  // Never at once: half of the wait is certain, or a sick server would be asked in a loop.
  const step = later({ ...sending, nackedAt }, maxMs * (0.5 + moment.random / 2), moment);
  return isLost ? { ...step, effects: [{ effect: 'rejoin' }] } : step;
}

function later(sending: Sending, ms: Ms, { now }: OutboxMoment): OutboxStep {
  return to({ ...sending, state: 'waiting', until: now + ms, tries: sending.tries + 1 });
}

function fail(sending: Sending, op: NackOp, moment: OutboxMoment): OutboxStep {
  const failure = refusalOf(op);
  const drafts = sending.drafts.map((draft) =>
    draft.cid === sending.cid ? { ...draft, failure } : draft,
  );
  return change(sending, drafts, moment);
}

function sendAgain(busy: Sending | Waiting, _input: unknown, moment: OutboxMoment): OutboxStep {
  const draft = busy.drafts.find(({ cid }) => cid === busy.cid);
  if (draft === undefined) return sendNext(busy.drafts, moment);
  const until = moment.now + ANSWER_MS_MAX;
  return to({ ...busy, state: 'sending', until }, { effect: 'send', draft });
}

/** The same outbox with other drafts; if that settled the one in flight, the next one goes. */
function change(outbox: Outbox, drafts: readonly Draft[], moment: OutboxMoment): OutboxStep {
  if (outbox.state === 'idle') return to({ ...outbox, drafts });
  if (outbox.state === 'ready') return sendNext(drafts, moment);
  const isInFlight = drafts.some((draft) => draft.cid === outbox.cid && isUnsent(draft));
  return isInFlight ? to({ ...outbox, drafts }) : sendNext(drafts, moment);
}

function sendNext(drafts: readonly Draft[], { now }: OutboxMoment): OutboxStep {
  const draft = drafts.find(isUnsent);
  if (draft === undefined) return to({ state: 'ready', drafts });
  const { cid } = draft;
  return to(
    { state: 'sending', drafts, cid, until: now + ANSWER_MS_MAX, tries: 0 },
    { effect: 'send', draft },
  );
}
