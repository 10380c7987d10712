/** The bottom of the chat: where a reader writes, says their name, or learns why they cannot. */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Refusal } from '../client/client.ts';
import { COUNTED_FROM } from './composer.ts';
import type { Chat } from './chat.ts';
import { lockIcon, sendIcon } from './views-icons.ts';

/** The composer: a text that grows, what is left of the limit, and Send. */
export function composerView(chat: Chat, room: string, placeholder: string): TemplateResult {
  const { composer, language, snapshot } = chat;
  const { text, fault } = composer;
  const left = composer.left(snapshot.limits.textMax);
  const isTooLong = left < 0;
  const isIdle = snapshot.user === undefined;
  const hint = placeholder || language.say('placeholder', { room });
  const counter = language.say(isTooLong ? 'charactersOver' : 'charactersLeft', {
    count: Math.abs(left),
  });
  return html`<form class="composer" part="composer" @submit=${submit}>
    <div class="line field" part="field">
      <textarea
        class="input"
        part="input"
        rows="1"
        dir=${text === '' ? nothing : 'auto'}
        enterkeyhint="send"
        aria-label=${hint}
        aria-describedby="note"
        aria-invalid=${isTooLong}
        placeholder=${hint}
        ?disabled=${isIdle}
        @input=${composer.onInput}
        @keydown=${composer.onKeydown}
        @compositionstart=${composer.onComposition}
        @compositionend=${composer.onComposition}
      ></textarea>
      <slot name="composer-actions"></slot>
      <button
        class="send"
        part="send"
        aria-label=${language.say('send')}
        ?disabled=${isIdle || isTooLong || text.trim() === ''}
      >
        ${sendIcon}
      </button>
    </div>
    ${noteView(fault, left < COUNTED_FROM ? counter : '', isTooLong)}
  </form>`;

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    composer.submit();
    chat.focusWriter();
  }
}

function noteView(fault: string, hint: string, isBad = false): TemplateResult {
  const tone = fault !== '' || isBad ? 'fault' : '';
  const words = fault || hint;
  // Without a line break inside: paragraphs keep them.
  return html`<p class="line note ${tone}" part="note" id="note" role="status">${words}</p>`;
}

/** Stands where the composer is: choose a name, then talk. Cancel and Esc keep what there is. */
export function nameView(chat: Chat): TemplateResult {
  const { language, nameForm, snapshot } = chat;
  const { isOpen, isBusy, fault } = nameForm;
  return html`<form
    class="composer"
    part="name-form"
    novalidate
    @submit=${submit}
    @keydown=${onKeydown}
  >
    ${nameTitleView(chat)}
    <div class="line field" part="field">
      <input
        class="input"
        part="input"
        id="name"
        dir="auto"
        .defaultValue=${snapshot.user?.name ?? ''}
        autocomplete="nickname"
        enterkeyhint="go"
        placeholder=${language.say('nameLabel')}
        aria-describedby="note"
        aria-invalid=${fault !== ''}
        @focus=${select}
      />
      <button class="button main" part="send">
        ${isBusy ? html`<span class="spinner"></span>` : nothing}
        ${language.say(isOpen ? 'nameChange' : 'nameJoin')}
      </button>
    </div>
    ${noteView(fault, language.say('nameHint'))}
  </form>`;

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    const input = (event.target as HTMLFormElement).querySelector('input');
    void nameForm.submit(input?.value ?? '');
  }

  function select(event: Event): void {
    (event.target as HTMLInputElement).select();
  }

  function onKeydown(event: KeyboardEvent): void {
    if (!isOpen || event.key !== 'Escape' || event.isComposing) return;
    // A launcher would close.
    event.preventDefault();
    nameForm.toggle(false);
  }
}

/** The question; for who has a name also the way back. */
function nameTitleView({ language, nameForm }: Chat): TemplateResult {
  const cancel = html`<button
    type="button"
    class="link"
    part="button"
    title="Esc"
    @click=${() => nameForm.toggle(false)}
  >
    ${language.say('cancel')}
  </button>`;
  return html`<div class="line">
    <label for="name">${language.say('nameTitle')}</label>
    ${nameForm.isOpen ? cancel : nothing}
  </div>`;
}

/** Why there is no composer. The refusal of a room can be asked about again. */
export function noticeView(chat: Chat, refusal?: Refusal): TemplateResult {
  const { language } = chat;
  const retry = html`<button class="button" part="button" @click=${() => chat.reconnect()}>
    ${language.say('retry')}
  </button>`;
  // Without a line break inside: paragraphs keep them.
  const words = refusal
    ? [html`<b>${language.say('refusedTitle')}</b>`, language.error(refusal)]
    : language.say('readOnly');
  return html`<div class="line notice" part="notice" role=${refusal ? 'alert' : nothing}>
    <span class=${refusal ? 'blob' : 'line'}>${lockIcon}</span>
    <p>${words}</p>
    ${refusal && chat.room ? retry : nothing}
  </div>`;
}
