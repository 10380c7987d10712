/** One message as the log shows it. Pure: what it shows in, template out. */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Row } from '../client/client.ts';
import type { Role, User } from '../protocol/ops.ts';
import { hueOf, initialsOf } from './avatar.ts';
import type { Chat } from './chat.ts';
import type { Language } from './language.ts';
import type { RowItem } from './log-items.ts';
import { renderMarkup } from './markup.ts';
import { checkIcon, copyIcon } from './views-icons.ts';

/** A message with its author's face and name when it begins a run. `isTabStop`: Tab reaches it. */
export function rowView(chat: Chat, item: RowItem, isTabStop: boolean): TemplateResult {
  const { row, isFirst, isLast } = item;
  const { user, state } = row;
  const { language } = chat;
  const isOwn = user.id === chat.snapshot.user?.id;
  const role = isOwn ? 'you' : user.role;
  const time = html`<time
    part="time"
    datetime=${new Date(row.at).toISOString()}
    title=${language.moment(row.at)}
    >${language.time(row.at)}</time
  >`;
  return html`<div
    class="row ${state} ${isOwn ? 'own' : ''} ${isFirst ? 'first' : ''} ${isLast ? 'last' : ''}"
    part="message ${isOwn ? 'own-message' : ''}"
    role="article"
    tabindex=${isTabStop ? 0 : -1}
    data-key=${item.key}
    aria-label=${sentenceOf(row, role, language)}
  >
    ${
      isFirst
        ? html`${avatarView(user)}
            <div class="line byline">
              <bdi class="name" part="name" data-hue=${hueOf(user.id)}>${user.name}</bdi>
              <span class="line tag" part="role" data-role=${role} title=${language.say(role)}
                >${role === 'member' ? checkIcon : language.say(role)}</span
              >
              ${time}
            </div>`
        : nothing
    }
    <div class="text" part="text" dir="auto">${markupOf(row)}</div>
    ${state === 'failed' ? failureView(chat, row) : nothing}
    ${state === 'sending' ? html`<span class="wait spinner"></span>` : nothing}
    <div class="line actions">${isFirst ? nothing : time}${copyView(chat, item)}</div>
  </div>`;
}

/** Rows are drawn again whenever anything changes; what a text says never does. */
const markups = new WeakMap<Row, unknown>();

function markupOf(row: Row): unknown {
  const markup = markups.get(row) ?? renderMarkup(row.text);
  markups.set(row, markup);
  return markup;
}

/** A face: the picture the host site gave, over initials that show until it is there. */
export function avatarView({ id, name, avatar = '' }: User): TemplateResult {
  return html`<span class="avatar" part="avatar" data-hue=${hueOf(id)} aria-hidden="true"
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
    <button class="link" tabindex="-1" @click=${() => chat.retry(row)}>
      ${language.say('retry')}
    </button>
    <button class="link" tabindex="-1" @click=${() => chat.discard(row)}>
      ${language.say('discard')}
    </button>
  </div>`;
}

function failureWords({ failure }: Row, language: Language): string {
  return `${language.say('notSent')}. ${failure ? language.error(failure) : ''}`;
}

function copyView(chat: Chat, { row }: RowItem): unknown {
  // A page that is not served securely has no clipboard.
  if (!navigator.clipboard) return nothing;
  const isCopied = chat.copiedKey === row.key;
  const label = chat.language.say(isCopied ? 'copied' : 'copy');
  return html`<button
    class="action"
    tabindex="-1"
    aria-label=${label}
    title=${label}
    @click=${() => chat.copy(row)}
  >
    ${isCopied ? checkIcon : copyIcon}
  </button>`;
}

/** What a screen reader says for the row: one sentence, in the reader's language. */
function sentenceOf(row: Row, role: Role | 'you', language: Language): string {
  const { user, at, text, state } = row;
  const sentence = `${user.name} (${language.say(role)}), ${language.time(at)}: ${text}`;
  if (state === 'sending') return `${sentence} – ${language.say('sending')}`;
  return state === 'failed' ? `${sentence} – ${failureWords(row, language)}` : sentence;
}
