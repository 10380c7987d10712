/**
 * What later entries do to a message. Pure, and the one place that says so: the server's pages and
 * a client's live rows come from it, so that both show the same.
 */

import { REACTION_USERS_MAX } from './limits.ts';
import type { Change, Line, Message, ReactBody, Reaction, User } from './ops.ts';

/** The message after an entry about it. The same object when the entry changes nothing. */
export function fold(message: Message, { kind, body, user, at }: Change): Message {
  // A deletion is for ever.
  if (message.deleted) return message;
  switch (kind) {
    case 'edit':
      return { ...message, body: { ...message.body, text: body.text }, edited: at };
    case 'delete':
      return withoutText(message);
    case 'react':
      return withReactions(message, react(message.reactions ?? [], body, user));
    case 'pin':
      return pin(message, body.on);
    default:
      // A kind of a newer version.
      return message;
  }
}

/** A line as it was read from a log: a message whose text was scrubbed is a deleted one. */
export function asRead(line: Line): Line {
  return line.kind === 'message' && !line.deleted && line.body.text === ''
    ? withoutText(line)
    : line;
}

function withoutText({ seq, id, kind, user, at, cid }: Message): Message {
  return { seq, id, kind, user, at, cid, body: { text: '' }, deleted: true };
}

function withReactions({ reactions: _, ...message }: Message, next: readonly Reaction[]): Message {
  return next[0] ? { ...message, reactions: next } : message;
}

function pin({ pinned: _, ...message }: Message, on: boolean): Message {
  return on ? { ...message, pinned: true } : message;
}

/** The log holds only reactions that change something, so counting needs no list of everybody. */
function react(
  reactions: readonly Reaction[],
  { emoji, on }: ReactBody,
  { id, name }: User,
): readonly Reaction[] {
  const now = reactions.find((one) => one.emoji === emoji) ?? { emoji, count: 0, users: [] };
  const others = now.users.filter((one) => one.id !== id);
  const users = on && others.length < REACTION_USERS_MAX ? [...others, { id, name }] : others;
  const next = { emoji, count: now.count + (on ? 1 : -1), users };
  if (next.count <= 0) return reactions.filter((one) => one !== now);
  return now.count === 0
    ? [...reactions, next]
    : reactions.map((one) => (one === now ? next : one));
}
