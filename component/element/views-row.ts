/** One message as the log shows it. Pure: what it shows in, template out. */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Row, RowReaction } from '../client/client.ts';
import type { Role, User } from '../protocol/ops.ts';
import { hueOf, initialsOf } from './avatar.ts';
import type { Chat } from './chat.ts';
import type { Language } from './language.ts';
import type { RowItem } from './log-items.ts';
import { renderMarkup } from './markup.ts';
import { plainLine } from './markup-tokens.ts';
import { checkIcon } from './views-icons.ts';

/** A message with its author's face and name when it begins a run. `isTabStop`: Tab reaches it. */
export function rowView(chat: Chat, item: RowItem, isTabStop: boolean): TemplateResult {
  const { row, isFirst, isLast } = item;
  const { user, state, failure, kind } = row;
  const { language } = chat;
  const isOwn = user.id === chat.snapshot.user?.id;
  const role = isOwn ? 'you' : user.role;
  const isNotice = kind === 'notice';
  const isMention = !isOwn && isNaming(row.text, chat.snapshot.user?.name);
  const time = html`<time
    part="time"
    datetime=${new Date(row.at).toISOString()}
    title=${language.moment(row.at)}
    >${language.time(row.at)}</time
  >`;
  const isWaiting = state === 'sending' || row.pending;
  return html`<div
    class="row ${state} ${isOwn ? 'own' : ''} ${isFirst ? 'first' : ''} ${isLast ? 'last' : ''} ${
      isMention ? 'mention' : ''
    } ${isNotice ? 'from-room' : ''}"
    part="${isNotice ? 'room-notice' : 'message'} ${isOwn ? 'own-message' : ''} ${
      isMention ? 'mention' : ''
    }"
    role="article"
    tabindex=${isTabStop ? 0 : -1}
    data-key=${item.key}
    aria-label=${sentenceOf(row, { role, isMention, language })}
  >
    ${
      isFirst && !isNotice
        ? html`${avatarView(user)}
            <div class="line byline">
              <bdi class="name hue${hueOf(user.id)}" part="name">${user.name}</bdi>
              <span class="line tag" part="role" data-role=${role} title=${language.say(role)}
                >${role === 'member' ? checkIcon : language.say(role)}</span
              >
              ${time}
            </div>`
        : nothing
    }
    ${row.replyTo === undefined ? nothing : quoteView(chat, row)}
    <div class="text" part="text" dir="auto">
      ${row.deleted ? html`<i>${language.say('deleted')}</i>` : bodyView(chat, row)}
    </div>
    ${marksView(chat, row)} ${failure ? failureView(chat, row) : nothing}
    ${isWaiting ? html`<span class="wait spinner" part="waiting"></span>` : nothing}
    <div class="line actions" part="actions">
      ${isFirst ? nothing : time}${chat.actions?.rowView(row)}
    </div>
  </div>`;
}

/** As the page draws it, or as we do. */
function bodyView({ extras }: Chat, row: Row): unknown {
  return extras?.bodyView(row) ?? markupOf(row);
}

/** Rows are drawn again whenever anything changes; what a text says never does. */
const markups = new WeakMap<Row, unknown>();

function markupOf(row: Row): unknown {
  const markup = markups.get(row) ?? renderMarkup(row.text);
  markups.set(row, markup);
  return markup;
}

/** Whether a text has this name behind an `@`, neither of which is part of a longer word. */
function isNaming(text: string, name = ''): boolean {
  if (name === '') return false;
  const parts = text.toLowerCase().split(`@${name.toLowerCase()}`);
  return parts.some(
    (part, i) =>
      i > 0 && !/^[\p{L}\p{N}_]/u.test(part) && !/[\p{L}\p{N}]$/u.test(parts[i - 1] ?? ''),
  );
}

/** What a reply answers; pressed, it leads there. */
function quoteView(chat: Chat, { replyTo = 0, quote }: Row): TemplateResult {
  const { language } = chat;
  if (quote === 'gone') return html`<div class="quote" part="quote">${language.say('gone')}</div>`;
  const words = quote?.deleted ? language.say('deleted') : plainLine(quote?.text ?? '');
  return html`<button
    class="quote"
    part="quote"
    tabindex="-1"
    dir="auto"
    @click=${() => chat.showLine(replyTo)}
  >
    ${quote ? html`<bdi>${quote.user.name}</bdi> ${words}` : '…'}
  </button>`;
}

/** What others did to it. */
function marksView(chat: Chat, row: Row): unknown {
  const { edited, pinned, reactions = [] } = row;
  const { language } = chat;
  if (edited === undefined && !pinned && reactions.length === 0) return nothing;
  return html`<div class="line marks" part="marks">
    ${reactions.map((one) => reactionView(chat, row, one))}
    ${
      edited === undefined
        ? nothing
        : html`<span title=${language.moment(edited)}>${language.say('edited')}</span>`
    }
    ${pinned ? html`<span>${`📌 ${language.say('pinned')}`}</span>` : nothing}
  </div>`;
}

function reactionView(
  chat: Chat,
  { seq }: Row,
  { emoji, count, users, mine }: RowReaction,
): TemplateResult {
  const { language, room, snapshot } = chat;
  const names = users.map(({ name }) => name);
  const words = language.join(`${emoji} ${count}`, language.list(names, count - names.length));
  return html`<button
    class="chip"
    part="reaction"
    tabindex="-1"
    title=${words}
    aria-label=${words}
    aria-pressed=${mine}
    ?disabled=${!snapshot.can.includes('react')}
    @click=${() => chat.attempt(() => room?.react(seq ?? 0, emoji, !mine))}
  >
    ${emoji} ${count}
  </button>`;
}

/** A face: the picture the host site gave, over initials that show until it is there. */
export function avatarView({ id, name, avatar = '' }: User): TemplateResult {
  return html`<span class="avatar hue${hueOf(id)}" part="avatar" aria-hidden="true"
    >${initialsOf(name)}${
      avatar.startsWith('https:')
        ? html`<img
            src=${avatar}
            alt=""
            loading="lazy"
            referrerpolicy="no-referrer"
            @error=${hide}
          />`
        : nothing
    }</span
  >`;
}

function hide(event: Event): void {
  (event.target as HTMLElement).hidden = true;
}

function failureView(chat: Chat, row: Row): TemplateResult {
  const { language } = chat;
  return html`<div class="line failure" part="failure">
    <span>${failureWords(row, language)}</span>
    <button class="link" part="button" tabindex="-1" @click=${() => chat.retry(row)}>
      ${language.say('retry')}
    </button>
    <button class="link" part="button" tabindex="-1" @click=${() => chat.discard(row)}>
      ${language.say('discard')}
    </button>
  </div>`;
}

function failureWords({ failure }: Row, language: Language): string {
  return language.join(language.say('notSent'), failure ? language.error(failure) : '');
}

interface RowFacts {
  readonly role: Role | 'you';
  readonly isMention: boolean;
  readonly language: Language;
}

/** What a screen reader says for the row: one sentence, in the reader's language. */
function sentenceOf(row: Row, { role, isMention, language }: RowFacts): string {
  const { user, at, state, quote, reactions = [] } = row;
  const name = language.join(user.name, language.say(role), language.time(at));
  const text = row.deleted ? language.say('deleted') : row.text;
  const said = [name + language.say('says') + text];
  if (isMention) said.push(language.say('mentions'));
  if (quote === 'gone') said.push(language.say('gone'));
  else if (quote) said.push(language.say('answers', { name: quote.user.name }));
  if (row.edited !== undefined) said.push(language.say('edited'));
  if (row.pinned) said.push(language.say('pinned'));
  said.push(...reactions.map(({ emoji, count }) => `${emoji} ${count}`));
  if (state === 'sending') said.push(language.say('sending'));
  if (row.failure) said.push(failureWords(row, language));
  return language.join(...said);
}
