/** What surrounds the log: heading, status line, and what only a screen reader hears. */

import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { User } from '../protocol/ops.ts';
import type { Announcement } from './announcer.ts';
import type { Language } from './language.ts';
import type { StatusWord } from './status-line.ts';
import { checkIcon, editIcon, offlineIcon } from './views-icons.ts';
import { avatarView } from './views-row.ts';

export interface HeaderModel {
  readonly language: Language;
  readonly heading: string;
  readonly room: string;
  /** Who this is, once there is a name to show. */
  readonly user: User | undefined;
  readonly mayRename: boolean;
}

export function headerView(model: HeaderModel, rename: () => void): TemplateResult {
  const { heading, room, user } = model;
  return html`<div class="header" part="header">
    <slot name="header"
      ><span class="heading" part="heading" dir="auto"
        >${heading === '' ? html`<span class="hash" aria-hidden="true">#</span>${room}` : heading}</span
      ></slot
    >
    ${user === undefined ? nothing : identityView(user, model, rename)}
  </div>`;
}

/** The reader's own face; for a guest also the way to another name. */
function identityView(user: User, model: HeaderModel, rename: () => void): TemplateResult {
  const face = html`${avatarView(user)}<bdi class="me-name">${user.name}</bdi>`;
  if (!model.mayRename) return html`<span class="me" part="identity">${face}</span>`;
  const label = model.language.say('nameChange', { name: user.name });
  return html`<button
    type="button"
    class="me"
    part="identity"
    aria-label=${label}
    title=${label}
    @click=${rename}
  >
    ${face}${editIcon}
  </button>`;
}

export interface StatusModel {
  readonly language: Language;
  readonly word: StatusWord | undefined;
  readonly mayRetry: boolean;
}

/** One line about the connection; silent and without height while there is nothing to say. */
export function statusView(model: StatusModel, retry: () => void): TemplateResult {
  const { language, word, mayRetry } = model;
  return html`<div class="status" part="status" role="status" data-word=${word ?? nothing}>
    ${
      word === undefined
        ? nothing
        : html`${statusIcon(word)}<span>${language.say(word)}</span>${
            mayRetry
              ? html`<button type="button" class="link" @click=${retry}>
                  ${language.say('tryAgain')}
                </button>`
              : nothing
          }`
    }
  </div>`;
}

function statusIcon(word: StatusWord): TemplateResult {
  if (word === 'reconnected') return checkIcon;
  return word === 'offline' || word === 'unsaved'
    ? offlineIcon
    : html`<span class="spinner"></span>`;
}

/** Read out, never seen. */
export function announcerView(announcements: readonly Announcement[]): TemplateResult {
  return html`<div class="hidden" aria-live="polite">
    ${repeat(
      announcements,
      ({ id }) => id,
      ({ text }) => html`<p>${text}</p>`,
    )}
  </div>`;
}
