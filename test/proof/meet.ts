/** Members for a run: who they are, which line they use, which rooms they are in. */

import { hostToken } from '../support/host-tokens.ts';
import { ChatMember } from './chat-member.ts';
import { Dice } from './dice.ts';
import type { Recorder } from './history.ts';
import type { Member, MemberOptions } from './member.ts';
import { RawMember } from './raw-member.ts';
import type { Stage } from './stage.ts';

export interface Meeting {
  readonly stage: Stage;
  readonly seed: number;
  readonly rooms: readonly string[];
  readonly changes?: boolean;
  readonly recorder: Recorder;
  readonly dice: Dice;
  /** How many use the real client, and how many a bare socket. */
  readonly chats: number;
  readonly raws: number;
}

/** Spread over all lines; each in all rooms but one, so that one connection serves several. */
export async function meetMembers(meeting: Meeting): Promise<readonly Member[]> {
  const members: Member[] = [];
  for (let i = 0; i < meeting.chats + meeting.raws; i += 1) {
    const options = await optionsFor(meeting, i);
    members.push(i < meeting.chats ? new ChatMember(options) : new RawMember(options));
  }
  return members;
}

async function optionsFor(meeting: Meeting, i: number): Promise<MemberOptions> {
  const { stage, seed, rooms, recorder, dice, chats, changes = false } = meeting;
  const name = `${i < chats ? 'chat' : 'raw'}${i + 1}`;
  const line = stage.lines[i % stage.lines.length];
  const sub = `${seed}-${name}`;
  return {
    name,
    user: `u_${sub}`,
    token: await hostToken({ sub, name }),
    server: `ws://127.0.0.1:${line?.proxy.port}/ws`,
    rooms: rooms.length === 1 ? rooms : rooms.filter((_, place) => place !== i % rooms.length),
    changes,
    recorder,
    dice: new Dice(dice.seed()),
  };
}
