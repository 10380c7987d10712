/**
 * One connection's protocol state: who it is, and what each op does. Ops are handled in the order
 * in which they came; sends do not wait for each other's commit. Knows rooms and rights, but no
 * socket and no database.
 */

import { randomBytes } from 'node:crypto';
import { ChatError, closeCodes, parseClientOp } from 'mini-chat/protocol';
import type {
  ClientOp,
  HelloOp,
  HistoryOp,
  Ms,
  Refusal,
  SendOp,
  ServerOp,
  TokenOp,
  User,
} from 'mini-chat/protocol';
import type { Auth, Guest, Identity } from './auth.ts';
import type { Connection, ConnectionListener } from './connection.ts';
import type { Draft } from './draft.ts';
import type { FanOut } from './fan-out.ts';
import { Inbox, type Incoming } from './inbox.ts';
import type { Logger } from './logger.ts';
import { Memberships } from './memberships.ts';
import type { Metrics } from './metrics.ts';
import { mayGuestsEnter, type RoomRules, type Standing } from './policy.ts';
import { closeCodeFor, errorOp, isStrike, nackOp } from './refusals.ts';
import type { Rooms } from './rooms.ts';
import type { LimitSettings } from './settings.ts';
import type { TokenBuckets } from './token-bucket.ts';
import type { Volatile } from './volatile.ts';

/** What all sessions of a server share. */
export interface SessionServices {
  readonly auth: Auth;
  readonly rooms: Rooms;
  readonly volatile: Volatile;
  readonly fanOut: FanOut;
  readonly rules: RoomRules;
  readonly limits: LimitSettings;
  readonly sendBuckets: TokenBuckets;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly now: () => Ms;
}

/** What its owner wants to know of a session: once at most each, and `onEnd` always. */
export interface SessionOwner {
  readonly onGreeted: (session: Session) => void;
  readonly onEnd: (session: Session) => void;
}

/** Who somebody is; a guest has the token that will prove it again. */
type Proven = Pick<Guest, 'identity'> & Partial<Guest>;

const STRIKES_MAX = 3;
const STRIKES_MS: Ms = 10_000;

/** A session hears nothing more once it is `#isDeaf`: draining, closing or closed. */
export class Session implements ConnectionListener {
  readonly id = randomBytes(9).toString('base64url');
  readonly connection: Connection;
  readonly #services: SessionServices;
  readonly #owner: SessionOwner;
  readonly #inbox: Inbox;
  readonly #memberships: Memberships;
  readonly #openedAt: Ms;
  #identity: Identity | undefined;
  #strikes: Ms[] = [];
  #appending = 0;
  #settled: PromiseWithResolvers<void> | undefined;
  #isDeaf = false;

  constructor(connection: Connection, services: SessionServices, owner: SessionOwner) {
    const { limits, now, rooms, volatile, rules } = services;
    this.connection = connection;
    this.#services = services;
    this.#owner = owner;
    this.#openedAt = now();
    const handle = (incoming: Incoming): Promise<void> | undefined => this.#handle(incoming);
    this.#inbox = new Inbox({ connection, limits, now, handle });
    const { roomsMax } = limits;
    this.#memberships = new Memberships({ connection, rooms, volatile, rules, roomsMax });
  }

  /** Takes one text frame. */
  text(text: string): void {
    const { textMax, jsonDepthMax } = this.#services.limits;
    if (!this.#isDeaf) this.#take(parseClientOp(text, { textMax, jsonDepthMax }));
  }

  /** Takes a binary frame, which is no op. */
  binary(): void {
    if (!this.#isDeaf) this.#take({ refusal: { error: new ChatError('binary_frame', {}) } });
  }

  /** The connection has ended: leaves every room. */
  closed(): void {
    this.#hearNoMore();
    this.#memberships.leaveAll();
    this.#owner.onEnd(this);
  }

  /** Ends what has lasted too long: no greeting, no sign of life, nothing read, a token's life. */
  sweep(now: Ms): void {
    const { helloMs } = this.#services.limits;
    const isLate = this.#identity === undefined && now - this.#openedAt > helloMs;
    if (isLate) return this.#end(new ChatError('hello_timeout', { ms: helloMs }));
    const expiresAt = this.#identity?.expiresAt ?? Infinity;
    if (now >= expiresAt) return this.#end(new ChatError('token_expired', {}));
    const swept = this.connection.sweep(now);
    if (swept === 'slow') this.#end(new ChatError('too_slow', {}));
    // Nobody is there to read a reason.
    if (swept === 'silent') this.close(closeCodes.timeout);
  }

  /** Says bye and hears nothing more. Resolves when every send taken before is answered. */
  drain(afterMs: Ms): Promise<void> {
    this.#hearNoMore();
    this.#say({ op: 'bye', code: 'drain', afterMs });
    if (this.#appending === 0) return Promise.resolve();
    this.#settled ??= Promise.withResolvers<void>();
    return this.#settled.promise;
  }

  /** Closes the connection after what is queued on it. */
  close(code: number): void {
    this.#hearNoMore();
    this.connection.close(code);
  }

  /** Ends the connection with words: the refusal's own, or that the mistake is ours. */
  failed(error: unknown): void {
    if (error instanceof ChatError) return this.#end(error);
    this.#services.logger.error({ err: error, session: this.id }, 'a session failed');
    this.#end(new ChatError('internal', {}));
  }

  #hearNoMore(): void {
    this.#isDeaf = true;
    this.#inbox.clear();
  }

  #take(incoming: Incoming): void {
    if (this.#inbox.take(incoming)) return;
    this.#end(new ChatError('flood', { max: this.#services.limits.framesPerSecondMax }));
  }

  #handle(incoming: Incoming): Promise<void> | undefined {
    if ('refusal' in incoming) {
      this.#refuse(incoming.refusal);
      return undefined;
    }
    const { op } = incoming;
    try {
      return this.#perform(op)?.catch((error: unknown) => this.#answer(op, error));
    } catch (error) {
      this.#answer(op, error);
      return undefined;
    }
  }

  /** One row per op. Returns a promise when the next op has to wait for this one. */
  #perform(op: ClientOp): Promise<void> | undefined {
    if (op.op === 'hello') return this.#hello(op);
    const identity = this.#identity;
    if (identity === undefined) throw new ChatError('hello_first', {});
    switch (op.op) {
      case 'join':
        return this.#memberships.join(op.room, op.cursor, identity);
      case 'leave':
        this.#memberships.leave(op.room);
        return undefined;
      case 'send':
        this.#send(op, identity);
        return undefined;
      case 'history':
        return this.#history(op, identity);
      case 'typing':
        if (identity.user.name === '') throw new ChatError('name_required', {});
        this.#memberships.type(op.room, op.on);
        return undefined;
      case 'read':
        this.#memberships.mark(op.room, op.seq);
        return undefined;
      case 'token':
        return this.#token(op, identity);
      case 'ping':
        this.#say({ op: 'pong', n: op.n });
        return undefined;
      default:
        throw new Error(`session: no case for ${String(op satisfies never)}`);
    }
  }

  async #hello(op: HelloOp): Promise<void> {
    if (this.#identity !== undefined) throw new ChatError('hello_again', {});
    try {
      const proven = await this.#identify(op);
      if (this.#isDeaf) return;
      this.#owner.onGreeted(this);
      this.#welcome(proven);
      const facts = { session: this.id, user: proven.identity.user.id, client: op.client };
      this.#services.logger.debug(facts, 'greeted');
    } catch (error) {
      // Without a greeting there is nothing that this connection could go on with.
      this.failed(error);
    }
  }

  async #identify({ token, name }: HelloOp): Promise<Proven> {
    const { auth, rules } = this.#services;
    const identity = token === undefined ? undefined : await auth.verify(token);
    const isGuest = identity === undefined || identity.claims.role === 'guest';
    if (isGuest && !mayGuestsEnter(rules.guests)) throw new ChatError('guests_off', {});
    if (token === undefined || identity === undefined) return auth.mintGuest(name ?? '');
    return isGuest ? auth.renewGuest({ identity, token }, name) : { identity };
  }

  async #token({ token, name }: TokenOp, before: Identity): Promise<void> {
    const { auth } = this.#services;
    const identity = await auth.verify(token);
    if (identity.user.id !== before.user.id) throw new ChatError('wrong_user', {});
    const isGuest = identity.claims.role === 'guest';
    const proven = isGuest ? await auth.renewGuest({ identity, token }, name) : { identity };
    if (this.#isDeaf) return;
    this.#welcome(proven);
    for (const room of this.#memberships.restand(proven.identity)) {
      this.#refuse({ error: new ChatError('forbidden', { operation: 'join' }), room });
    }
  }

  #welcome({ identity, token }: Proven): void {
    const { limits, now } = this.#services;
    const { textMax, frameBytesMax, roomsMax, heartbeatMs } = limits;
    this.#identity = identity;
    this.#say({
      op: 'welcome',
      v: 1,
      session: this.id,
      user: identity.user,
      ...(token === undefined ? {} : { token }),
      expiresAt: identity.expiresAt,
      now: now(),
      heartbeatMs,
      limits: { textMax, frameBytesMax, roomsMax },
    });
  }

  #send(op: SendOp, { user }: Identity): void {
    const { sendBuckets, now, fanOut } = this.#services;
    const { room, standing } = this.#memberships.allowed(op.room, op.kind);
    if (user.name === '') throw new ChatError('name_required', {});
    const afterMs = sendBuckets.take(user.id, now());
    if (afterMs > 0) throw new ChatError('rate_limited', { afterMs });
    const { cid } = op;
    const draft = draftOf(op, { ...user, role: standing.role }, standing);
    // What was written is here now, or will be.
    if (op.kind === 'message') this.#memberships.type(op.room, false);
    this.#appending += 1;
    void room
      .append(draft)
      .then(({ seq, at }) => {
        fanOut.reply(this.connection, { op: 'ack', room: op.room, cid, seq, at });
      })
      .catch((error: unknown) => this.#answer(op, error))
      .finally(() => this.#appended());
  }

  #appended(): void {
    this.#appending -= 1;
    if (this.#appending === 0) this.#settled?.resolve();
  }

  async #history({ room: id, before, limit, re }: HistoryOp, { user }: Identity): Promise<void> {
    const { room } = this.#memberships.allowed(id, 'history');
    this.#say({ op: 'page', re, room: id, ...(await room.page({ before, limit }, user.id)) });
  }

  #answer(op: ClientOp, error: unknown): void {
    if (!(error instanceof ChatError)) return this.failed(error);
    if (error.code === 'unavailable') {
      const facts = { err: error.cause, op: op.op, session: this.id };
      this.#services.logger.warn(facts, 'the store did not answer');
    }
    const room = 'room' in op ? { room: op.room } : {};
    const cid = 'cid' in op ? { cid: op.cid } : {};
    const re = 're' in op ? { re: op.re } : {};
    this.#refuse({ error, ...room, ...cid, ...re });
  }

  /** Says no. The socket stays, unless this was the third protocol error in ten seconds. */
  #refuse(refusal: Refusal): void {
    const { error } = refusal;
    if (error.code === 'bad_version') return this.#end(error);
    this.#services.metrics.refused(error.code);
    this.#say(nackOp(refusal) ?? errorOp(refusal));
    if (isStrike(error.code) && this.#isOut()) this.close(closeCodes.protocol);
  }

  #isOut(): boolean {
    const now = this.#services.now();
    this.#strikes = this.#strikes.filter((at) => now - at < STRIKES_MS);
    this.#strikes.push(now);
    return this.#strikes.length >= STRIKES_MAX;
  }

  #end(error: ChatError): void {
    if (!this.connection.isOpen) return;
    this.#services.metrics.refused(error.code);
    this.#say(errorOp({ error }));
    this.close(closeCodeFor(error.code));
  }

  #say(op: ServerOp): void {
    this.#services.fanOut.send(this.connection, op);
  }
}

/** Field by field: what else an op carries is no part of a draft. */
function draftOf({ cid, kind, body }: SendOp, user: User, { can }: Standing): Draft {
  const draft = { user, cid, kind, body } as Draft;
  return kind === 'delete' && can.includes('moderate') ? { ...draft, mayModerate: true } : draft;
}
