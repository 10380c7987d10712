/** The whole chat: header, log, status line, and where the reader writes. */

import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Chat } from './chat.ts';
import type { StatusWord } from './status-line.ts';
import { composerView, nameView, noticeView } from './views-bottom.ts';
import { checkIcon, closeIcon, offlineIcon, talkIcon } from './views-icons.ts';
import { logView } from './views-log.ts';
import { avatarView } from './views-row.ts';

/** What the page's attributes say about the look. */
interface ChatLook {
  readonly heading: string;
  readonly placeholder: string;
  readonly readonly: boolean;
  readonly mode: string;
  readonly isOpen: boolean;
  open(): void;
  close(): void;
}

/** The whole shadow root. */
export function chatView(chat: Chat, look: ChatLook): TemplateResult {
  const label = look.heading || chat.roomId;
  const isLauncher = look.mode === 'launcher';
  const isClosed = isLauncher && !look.isOpen;
  // Hidden, not gone: what is being written and the place in the log are kept by the document. What
  // is said to screen readers is outside, since a closed chat says it, too.
  return html`<div class="base">
    ${isClosed ? toggleView(chat, look) : nothing}
    <section class="chat" part="chat" aria-label=${label} ?hidden=${isClosed}>
      <div class="line header" part="header">
        <slot name="header"
          ><span class="heading" part="heading"><bdi>${label}</bdi></span></slot
        >
        ${peopleView(chat)}${identityView(chat, look)}
        ${isLauncher && !isClosed ? toggleView(chat, look) : nothing}
      </div>
      ${logView(chat, label)}${statusView(chat)}${chat.actions?.bannerView()}
      ${bottomView(chat, look, label)}
      <slot name="footer"></slot>
      ${chat.actions?.overView()}
    </section>
    <div class="hidden said" aria-live="polite"></div>
  </div>`;
}

/** The button of a launcher: opens it, with how much is unread there, or closes it from inside. */
function toggleView(chat: Chat, look: ChatLook): TemplateResult {
  const { language } = chat;
  const { isOpen } = look;
  const count = isOpen ? 0 : chat.unread;
  const words = language.say(isOpen ? 'close' : 'open');
  const part = isOpen ? 'close' : 'launcher';
  return html`<button
    class="${part} ${isOpen ? 'action' : 'send'}"
    part=${part}
    aria-label=${count > 0 ? language.join(words, language.say('newMessages', { count })) : words}
    @click=${toggle}
  >
    ${isOpen ? closeIcon : talkIcon}${
      count > 0 ? html`<span class="count" part="count">${count}</span>` : nothing
    }
  </button>`;

  function toggle(): void {
    if (isOpen) look.close();
    else look.open();
    chat.focusWriter();
  }
}

/** How many are here; pressed, who, as far as that is known. */
function peopleView(chat: Chat): unknown {
  const { count = 0, users = [] } = chat.snapshot.people ?? {};
  if (count === 0) return nothing;
  const words = chat.language.say('online', { count });
  if (!users.some(({ name }) => name)) {
    return html`<span class="people" part="people">${words}</span>`;
  }
  return html`<details class="people" part="people" @toggle=${() => chat.changed()}>
    <summary class="line link">${words}</summary>
    ${chat.actions?.peopleView()}
  </details>`;
}

/** The reader's own face; for a guest who may write also the way to another name. */
function identityView({ language, nameForm, refusal, snapshot }: Chat, look: ChatLook): unknown {
  const { user } = snapshot;
  if (!user?.name) return nothing;
  const face = html`${avatarView(user)}<bdi>${user.name}</bdi>`;
  if (user.role !== 'guest' || refusal || look.readonly) {
    return html`<span class="line me" part="identity">${face}</span>`;
  }
  const words = language.say('nameChange');
  return html`<button
    class="line me link"
    part="identity"
    title=${words}
    aria-expanded=${nameForm.isOpen}
    @click=${() => nameForm.toggle(!nameForm.isOpen)}
  >
    ${face}<span class="hidden">${language.join('', words)}</span>
  </button>`;
}

/** One line about the connection; without height while there is nothing to say. */
function statusView(chat: Chat): TemplateResult {
  const { language, snapshot, word } = chat;
  return html`<div class="line status" part="status" role="status" data-word=${word ?? nothing}>
    ${
      word && [
        statusIcon(word),
        // The server or the page may have said why there is no connection.
        snapshot.refusal ? `${language.error(snapshot.refusal)} ` : '',
        language.say(word),
        snapshot.status === 'offline'
          ? html`<button class="link" part="button" @click=${() => chat.reconnect()}>
              ${language.say('retry')}
            </button>`
          : nothing,
      ]
    }
  </div>`;
}

function statusIcon(word: StatusWord): unknown {
  if (word === 'reconnected') return checkIcon;
  if (word === 'connecting') return html`<span class="spinner"></span>`;
  return word === 'offline' ? offlineIcon : nothing;
}

function bottomView(chat: Chat, look: ChatLook, label: string): unknown {
  const { refusal, snapshot } = chat;
  const { user, can, rows } = snapshot;
  // Said in the log when there is nothing else.
  if (refusal) return rows.length > 0 ? noticeView(chat, refusal) : nothing;
  if (look.readonly) return nothing;
  const isNaming = user?.role === 'guest' && (user.name === '' || chat.nameForm.isOpen);
  if (isNaming) return nameView(chat);
  if (can.length > 0 && !can.includes('message')) return noticeView(chat);
  return composerView(chat, label, look.placeholder);
}
