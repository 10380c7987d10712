/**
 * Whether somebody may say this of a message: every stored change is one that changed something.
 * Pure, and the one place that says so, for each server that keeps a log.
 */

import { ChatError } from './chat-error.ts';
import { REACTIONS_MAX } from './limits.ts';
import type { Change, Content, Message, User } from './ops.ts';

/** What somebody wants to say about an earlier message. */
export type ChangeWish = Content<Change['kind']> & {
  readonly user: User;
  /** They may delete what others wrote. */
  readonly mayModerate?: true;
};

/**
 * Why a change cannot be the next entry after the message became this; undefined when it can.
 * `hasReacted`: whether this user's reaction with this emoji is there.
 */
export function changeRefusal(
  wish: ChangeWish,
  message: Message | undefined,
  hasReacted: boolean,
): ChatError | undefined {
  if (message === undefined || message.deleted) return new ChatError('no_target', {});
  const isOwn = message.user.id === wish.user.id;
  switch (wish.kind) {
    case 'edit':
      if (!isOwn) return new ChatError('forbidden', { operation: 'edit' });
      return unlessChanged(wish.body.text !== message.body.text);
    case 'delete':
      if (isOwn || wish.mayModerate) return undefined;
      return new ChatError('forbidden', { operation: 'delete' });
    case 'pin':
      return unlessChanged(wish.body.on !== !!message.pinned);
    case 'react':
      if (wish.body.on === hasReacted) return new ChatError('no_change', {});
      return wish.body.on ? tooManyReactions(wish.body.emoji, message) : undefined;
  }
}

const unlessChanged = (isChanged: boolean): ChatError | undefined =>
  isChanged ? undefined : new ChatError('no_change', {});

function tooManyReactions(emoji: string, { reactions = [] }: Message): ChatError | undefined {
  const isNew = !reactions.some((one) => one.emoji === emoji);
  if (!isNew || reactions.length < REACTIONS_MAX) return undefined;
  return new ChatError('too_many_reactions', { max: REACTIONS_MAX });
}
