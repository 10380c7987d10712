/** One message as the log shows it. Pure: model in, template out. */

import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { Row } from '../client/client.ts';
import type { Role, User } from '../protocol/ops.ts';
import { hueOf, initialsOf } from './avatar.ts';
import type { Language } from './language.ts';
import type { RowItem } from './log-items.ts';
import { renderMarkup } from './markup.ts';
import { alertIcon, checkIcon, clockIcon, copyIcon, shieldIcon } from './views-icons.ts';

export interface RowModel {
  readonly item: RowItem;
  readonly language: Language;
  readonly isOwn: boolean;
  /** The one row that Tab reaches; arrows go on from there. */
  readonly isTabStop: boolean;
  readonly isCopied: boolean;
  readonly canCopy: boolean;
}

export interface RowActions {
  copy(row: Row): void;
  retry(row: Row): void;
  discard(row: Row): void;
}

/** A message with its author's face and name when it begins a run, else with its time beside it. */
export function rowView(model: RowModel, actions: RowActions): TemplateResult {
  const { item, isOwn, isTabStop } = model;
  const { row, isFirst, isLast } = item;
  const classes = { row: true, own: isOwn, first: isFirst, last: isLast, [row.state]: true };
  return html`<div
    class=${classMap(classes)}
    part=${isOwn ? 'message own-message' : 'message'}
    role="article"
    tabindex=${isTabStop ? 0 : -1}
    data-key=${item.key}
    aria-label=${sentenceOf(model)}
  >
    <div class="side">${isFirst ? avatarView(row.user) : timeView(model, true)}</div>
    <div class="main">
      ${isFirst ? bylineView(model) : nothing}
      <div class="text" part="text" dir="auto" data-size=${isJumbo(row.text) ? 'jumbo' : nothing}>
        ${renderMarkup(row.text)}
      </div>
      ${row.state === 'failed' ? failureView(model, actions) : nothing}
    </div>
    ${row.state === 'sending' ? html`<span class="wait">${clockIcon}</span>` : nothing}
    ${model.canCopy ? copyView(model, actions) : nothing}
  </div>`;
}

/** A face: the picture the host site gave, over initials that show until it is there. */
export function avatarView(user: User): TemplateResult {
  const picture = user.avatar?.startsWith('https:') === true ? user.avatar : undefined;
  return html`<span class="avatar" part="avatar" data-hue=${hueOf(user.id)} aria-hidden="true"
    >${initialsOf(user.name)}${
      picture === undefined
        ? nothing
        : html`<img
            src=${picture}
            alt=""
            loading="lazy"
            referrerpolicy="no-referrer"
            @error=${hide}
          />`
    }</span
  >`;
}

function hide(event: Event): void {
  if (event.target instanceof HTMLElement) event.target.hidden = true;
}

function bylineView(model: RowModel): TemplateResult {
  const { user } = model.item.row;
  return html`<div class="byline">
    <bdi class="name" part="name" data-hue=${hueOf(user.id)}>${user.name}</bdi>
    ${model.isOwn ? tagView('you', model.language.say('you')) : roleView(user.role, model.language)}
    ${timeView(model, false)}
  </div>`;
}

/** Told apart by word and by shape: colour alone says nothing to many readers. */
function roleView(role: Role, language: Language): TemplateResult {
  const word = language.say(role);
  if (role === 'member') {
    return html`<span class="member" part="role" title=${word}>${checkIcon}</span>`;
  }
  return tagView(role, word, role === 'guest' ? undefined : shieldIcon);
}

function tagView(kind: string, word: string, icon?: TemplateResult): TemplateResult {
  return html`<span class="tag" part="role" data-role=${kind}>${icon ?? nothing}${word}</span>`;
}

function timeView({ item, language }: RowModel, isBare: boolean): TemplateResult {
  const { at } = item.row;
  return html`<time
    class=${isBare ? 'bare' : 'time'}
    part="time"
    datetime=${new Date(at).toISOString()}
    title=${language.moment(at)}
    >${isBare ? language.bareTime(at) : language.time(at)}</time
  >`;
}

function failureView({ item, language }: RowModel, actions: RowActions): TemplateResult {
  const { row } = item;
  return html`<div class="failure" part="failure">
    <span class="why">${alertIcon}<span>${failureWords(row, language)}</span></span>
    <button type="button" class="link" tabindex="-1" @click=${() => actions.retry(row)}>
      ${language.say('retry')}
    </button>
    <button type="button" class="link quiet" tabindex="-1" @click=${() => actions.discard(row)}>
      ${language.say('discard')}
    </button>
  </div>`;
}

function failureWords({ failure }: Row, language: Language): string {
  const words = language.say('notSent');
  return failure === undefined
    ? words
    : `${words} · ${language.error(failure.code, failure.message)}`;
}

function copyView({ item, language, isCopied }: RowModel, actions: RowActions): TemplateResult {
  const label = language.say(isCopied ? 'copied' : 'copy');
  return html`<div class="actions">
    <button
      type="button"
      class="action"
      tabindex="-1"
      aria-label=${label}
      title=${label}
      @click=${() => actions.copy(item.row)}
    >
      ${isCopied ? checkIcon : copyIcon}
    </button>
  </div>`;
}

/** What a screen reader says for the row: one sentence, in the reader's language. */
function sentenceOf({ item, language, isOwn }: RowModel): string {
  const { row } = item;
  const facts = {
    name: row.user.name,
    role: language.say(isOwn ? 'you' : row.user.role),
    time: language.time(row.at),
    text: row.text,
  };
  const sentence = language.say('message', facts);
  if (row.state === 'sending') return `${sentence} – ${language.say('sending')}`;
  return row.state === 'failed' ? `${sentence} – ${failureWords(row, language)}` : sentence;
}

/** One to three emoji and nothing else: said with a face, so shown as one. */
const FEW_EMOJI =
  /^(?:(?:\p{RI}{2}|\p{Extended_Pictographic}\p{EMod}?\uFE0F?(?:\u200D\p{Extended_Pictographic}\p{EMod}?\uFE0F?)*)\s*){1,3}$/u;

function isJumbo(text: string): boolean {
  return text.length <= 40 && FEW_EMOJI.test(text);
}
