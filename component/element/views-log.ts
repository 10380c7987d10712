/** The log: messages by day, history above, and what is shown when there are none. */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Chat } from './chat.ts';
import type { LogItem } from './log-items.ts';
import { handleLogKey } from './log-keys.ts';
import { noticeView } from './views-bottom.ts';
import { offlineIcon, sendIcon, talkIcon } from './views-icons.ts';
import { rowView } from './views-row.ts';

/** The scrolling part, with the way back to its end. */
export function logView(chat: Chat, room: string): TemplateResult {
  const { language, reader } = chat;
  const { items } = reader;
  return html`<div class="frame">
    <div
      class="log"
      part="log"
      role="log"
      tabindex="-1"
      aria-live="off"
      aria-label=${language.say('log', { room })}
      @keydown=${(event: KeyboardEvent) => handleLogKey(event, () => chat.focusWriter())}
      @focusin=${(event: FocusEvent) => activate(event, chat)}
    >
      <div class="line top" part="history">${items.length > 0 ? topView(chat, room) : nothing}</div>
      <div class="list"></div>
      ${items.length === 0 ? html`<div class="void" part="empty">${voidView(chat)}</div>` : nothing}
    </div>
    ${reader.unreadAbove > 0 ? unreadView(chat) : nothing}
    ${reader.isAway || chat.unread > 0 ? pillView(chat) : nothing}
    <p class="typing" part="typing" role="status">${typingWords(chat)}</p>
  </div>`;
}

/** What goes into the list. */
export function itemView(chat: Chat, item: LogItem, isTabStop: boolean): TemplateResult {
  const { language } = chat;
  switch (item.kind) {
    case 'row':
      return rowView(chat, item, isTabStop);
    case 'unread':
      return html`<div class="line day unread" part="unread">${language.say('unread')}</div>`;
    case 'day':
      return html`<div class="line day" part="day">${language.day(item.at, Date.now())}</div>`;
  }
}

function activate({ target }: FocusEvent, chat: Chat): void {
  const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
  chat.reader.activate(row?.dataset['key']);
}

function topView(chat: Chat, room: string): unknown {
  const { language, reader } = chat;
  switch (reader.top) {
    case 'loading':
      return html`<span class="spinner"></span>${language.say('loading')}`;
    case 'failed':
      return html`${language.say('olderFailed')}
        <button class="link" part="button" @click=${() => chat.loadOlder()}>
          ${language.say('retry')}
        </button>`;
    case 'beginning':
      return html`<span dir="auto">${language.say('beginning', { room })}</span>`;
    case 'more':
      return nothing;
  }
}

function voidView(chat: Chat): TemplateResult {
  const { language, refusal } = chat;
  if (refusal) return noticeView(chat, refusal);
  // The status line has the words; neither says more than is known about the room.
  if (chat.word === 'offline') return html`<span class="blob">${offlineIcon}</span>`;
  if (!chat.isReady) {
    return html`<span class="spinner waiting"></span>
      <span class="hidden">${language.say('loading')}</span>`;
  }
  return html`<slot name="empty"
    ><span class="blob">${talkIcon}</span
    ><b>${language.say('emptyTitle')}</b>${language.say('emptyText')}</slot
  >`;
}

/** Names are capped by the server; said politely, and outside of the log. */
function typingWords({ language, snapshot }: Chat): string {
  const { typing, typingMore: more } = snapshot;
  const count = typing.length + more;
  if (count === 0) return '';
  const names = language.list(
    typing.map(({ name }) => name),
    more,
  );
  return language.say('typing', { count, names });
}

/** One way to the first unread message, for who comes in at the end. */
function unreadView(chat: Chat): TemplateResult {
  const { language, reader } = chat;
  const words = language.say('newMessages', { count: reader.unreadAbove });
  return html`<button
    class="line pill up new"
    part="jump-unread"
    aria-label=${language.join(words, language.say('firstUnread'))}
    @click=${() => chat.showUnread()}
  >
    ${sendIcon}${words}
  </button>`;
}

function pillView({ language, reader, unread: count }: Chat): TemplateResult {
  const words = count > 0 ? language.say('newMessages', { count }) : '';
  return html`<button
    class="line pill ${count > 0 ? 'new' : ''}"
    part="jump"
    aria-label="${language.say('jump')} ${words}"
    @click=${() => reader.jump()}
  >
    ${sendIcon}${words}
  </button>`;
}
