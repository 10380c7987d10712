/** The bottom of the chat: where a reader writes, says their name, or learns why they cannot. */

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { type Composer, lengthOf } from './composer.ts';
import type { Language } from './language.ts';
import { alertIcon, lockIcon, sendIcon } from './views-icons.ts';

export interface ComposerModel {
  readonly language: Language;
  readonly room: string;
  readonly placeholder: string;
  readonly textMax: number;
  /** Before the server said who this is, nothing can be kept or sent. */
  readonly isReady: boolean;
}

/** Characters left from which the counter is shown. */
const COUNTER_FROM = 200;

export function composerView(model: ComposerModel, composer: Composer): TemplateResult {
  const { language, room } = model;
  const left = charactersLeft(composer.text, model.textMax);
  const isBlank = composer.text.trim() === '';
  const isTooLong = left !== undefined && left < 0;
  const note = composer.fault !== '' ? composer.fault : counterWords(left, language);
  return html`<form class="composer" part="composer" @submit=${submit}>
    <div class="field" part="field">
      <textarea
        class="input"
        part="input"
        rows="1"
        dir="auto"
        enterkeyhint="send"
        aria-label=${language.say('composer', { room })}
        aria-describedby="note"
        aria-invalid=${isTooLong ? 'true' : nothing}
        placeholder=${model.placeholder}
        ?disabled=${!model.isReady}
        .value=${live(composer.text)}
        @input=${composer.onInput}
        @keydown=${composer.onKeydown}
        @compositionstart=${composer.onCompositionStart}
        @compositionend=${composer.onCompositionEnd}
      ></textarea>
      <button
        type="submit"
        class="send"
        part="send"
        aria-label=${language.say('send')}
        title=${language.say('send')}
        ?disabled=${!model.isReady || isBlank || isTooLong}
      >
        ${sendIcon}
      </button>
    </div>
    <p class=${isTooLong || composer.fault !== '' ? 'note fault' : 'note'} id="note">${note}</p>
  </form>`;

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    composer.submit();
    const form = event.currentTarget;
    if (form instanceof HTMLFormElement) form.querySelector('textarea')?.focus();
  }
}

/** Undefined while the limit is far: most texts are never counted. */
function charactersLeft(text: string, max: number): number | undefined {
  if (text.length <= max - COUNTER_FROM) return undefined;
  const left = max - lengthOf(text);
  return left < COUNTER_FROM ? left : undefined;
}

function counterWords(left: number | undefined, language: Language): string {
  if (left === undefined) return '';
  if (left < 0) return language.say('charactersOver', { count: -left });
  return language.say('charactersLeft', { count: left });
}

export interface NameModel {
  readonly language: Language;
  /** The name in force; empty for a newcomer. */
  readonly name: string;
  readonly fault: string;
  readonly isBusy: boolean;
}

export interface NameActions {
  submit(name: string): void;
  cancel(): void;
}

/** Stands where the composer will be: choose a name once, then talk. */
export function nameView(model: NameModel, actions: NameActions): TemplateResult {
  const { language, fault, isBusy } = model;
  const isNew = model.name === '';
  return html`<form class="name-form" part="name-form" novalidate @submit=${submit}>
    <label class="name-title" for="name">${language.say(isNew ? 'nameTitle' : 'nameLabel')}</label>
    <div class="field" part="field">
      <input
        class="input"
        part="input"
        id="name"
        name="name"
        dir="auto"
        autocomplete="nickname"
        enterkeyhint="go"
        placeholder=${language.say('nameLabel')}
        aria-describedby="name-note"
        aria-invalid=${fault === '' ? nothing : 'true'}
        .defaultValue=${model.name}
        @keydown=${keydown}
      />
      ${
        isNew
          ? nothing
          : html`<button type="button" class="plain" @click=${actions.cancel}>
              ${language.say('cancel')}
            </button>`
      }
      <button type="submit" class="primary" part="send" ?disabled=${isBusy}>
        ${isBusy ? html`<span class="spinner"></span>` : nothing}
        ${language.say(isNew ? 'nameJoin' : 'nameSave')}
      </button>
    </div>
    <p class=${fault === '' ? 'note' : 'note fault'} id="name-note" role="status">
      ${fault === '' ? language.say('nameHint') : html`${alertIcon}${fault}`}
    </p>
  </form>`;

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    actions.submit(String(new FormData(form).get('name') ?? ''));
  }

  function keydown(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !isNew) actions.cancel();
  }
}

export interface NoticeModel {
  readonly title?: string;
  readonly words: string;
  /** Words of a button that tries again; without them there is none. */
  readonly retry?: string;
}

/** In place of the composer: why there is none. */
export function noticeView(model: NoticeModel, retry: () => void): TemplateResult {
  const { title, words } = model;
  return html`<div class="notice" part="notice" role=${title === undefined ? 'note' : 'alert'}>
    <span class="notice-icon">${lockIcon}</span>
    <div class="notice-words">
      ${title === undefined ? nothing : html`<strong>${title}</strong>`}
      <span>${words}</span>
    </div>
    ${
      model.retry === undefined
        ? nothing
        : html`<button type="button" class="plain" @click=${retry}>${model.retry}</button>`
    }
  </div>`;
}
