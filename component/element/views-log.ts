/** The log: messages by day, history above, and what is shown when there are none. */

import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Language } from './language.ts';
import { startOfDay } from './language.ts';
import type { LogItem, RowItem } from './log-items.ts';
import { type NoticeModel, noticeView } from './views-composer.ts';
import { downIcon, offlineIcon, talkIcon } from './views-icons.ts';
import { type RowActions, rowView } from './views-row.ts';

/** What is above the oldest message in the document. */
export type LogTop = 'more' | 'loading' | 'failed' | 'beginning';

export interface LogModel {
  readonly language: Language;
  readonly room: string;
  readonly items: readonly LogItem[];
  readonly top: LogTop;
  readonly ownId: string | undefined;
  readonly now: number;
  readonly tabStop: string | undefined;
  readonly copiedKey: string | undefined;
  readonly canCopy: boolean;
  /** Nothing has come from the server yet; `offline` when that will take a while. */
  readonly waiting: 'loading' | 'offline' | undefined;
  /** The chat is closed to this reader, and there is no message to show above that. */
  readonly refusal: NoticeModel | undefined;
  /** The reader is away from the end. */
  readonly isAway: boolean;
  readonly unread: number;
}

export interface LogActions extends RowActions {
  jump(): void;
  loadOlder(): void;
  reconnect(): void;
  keydown(event: KeyboardEvent): void;
  focusin(event: FocusEvent): void;
}

export function logView(model: LogModel, actions: LogActions): TemplateResult {
  const { language, items } = model;
  return html`<div class="log-frame">
    <div
      class="log"
      part="log"
      role="log"
      aria-live="off"
      aria-label=${language.say('log', { room: model.room })}
      @keydown=${actions.keydown}
      @focusin=${actions.focusin}
    >
      <div class="top">${items.length > 0 ? topView(model, actions) : nothing}</div>
      <div class="list">
        ${repeat(
          items,
          ({ key }) => key,
          (item) => (item.kind === 'day' ? dayView(item.at, model) : guardedRow(item)),
        )}
      </div>
      ${items.length === 0 ? html`<div class="void">${voidView(model, actions)}</div>` : nothing}
    </div>
    ${model.isAway || model.unread > 0 ? pillView(model, actions) : nothing}
  </div>`;

  /** Rows are made again only when something they show did change: there are hundreds. */
  function guardedRow(item: RowItem): unknown {
    const isOwn = item.row.user.id === model.ownId;
    const isTabStop = item.key === model.tabStop;
    const isCopied = item.key === model.copiedKey;
    const { canCopy } = model;
    const facts = [item.row, item.isFirst, item.isLast, isOwn, isTabStop, isCopied, language];
    return guard(facts, () =>
      rowView({ item, language, isOwn, isTabStop, isCopied, canCopy }, actions),
    );
  }
}

function dayView(at: number, { language, now }: LogModel): TemplateResult {
  const day = new Date(startOfDay(at));
  const date = [day.getFullYear(), day.getMonth() + 1, day.getDate()];
  return html`<div class="day" part="day">
    <time datetime=${date.map((part) => String(part).padStart(2, '0')).join('-')}
      >${language.day(at, now)}</time
    >
  </div>`;
}

function topView({ language, room, top }: LogModel, actions: LogActions): unknown {
  if (top === 'loading') {
    return html`<span class="spinner"></span><span>${language.say('loading')}</span>`;
  }
  if (top === 'failed') {
    return html`<span>${language.say('olderFailed')}</span>
      <button type="button" class="link" @click=${actions.loadOlder}>
        ${language.say('tryAgain')}
      </button>`;
  }
  return top === 'beginning' ? html`<span>${language.say('beginning', { room })}</span>` : nothing;
}

function voidView({ language, waiting, refusal }: LogModel, actions: LogActions): TemplateResult {
  if (refusal) return noticeView(refusal, actions.reconnect);
  if (waiting === 'loading') return skeletonView(language);
  if (waiting === 'offline') {
    return html`<span class="blob">${offlineIcon}</span>
      <p class="void-text">${language.say('offline')}</p>`;
  }
  return html`<slot name="empty">
    <span class="blob">${talkIcon}</span>
    <p class="void-title">${language.say('emptyTitle')}</p>
    <p class="void-text">${language.say('emptyText')}</p>
  </slot>`;
}

/** The shape of what will be here. It appears late, by style, so that a fast start does not blink. */
function skeletonView(language: Language): TemplateResult {
  const line = html`<span class="bone-row"
    ><i class="bone face"></i><i class="bone"></i><i class="bone"></i
  ></span>`;
  return html`<div class="skeleton" aria-hidden="true">${line}${line}${line}</div>
    <p class="hidden">${language.say('loading')}</p>`;
}

function pillView({ language, unread }: LogModel, actions: LogActions): TemplateResult {
  const words = unread > 0 ? language.say('newMessages', { count: unread }) : '';
  return html`<button
    type="button"
    class=${unread > 0 ? 'pill new' : 'pill'}
    part="jump"
    aria-label=${[language.say('jump'), words].filter(Boolean).join(', ')}
    @click=${actions.jump}
  >
    ${downIcon}${words === '' ? nothing : html`<span>${words}</span>`}
  </button>`;
}
