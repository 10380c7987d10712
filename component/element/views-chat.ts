/** The whole chat: header, log, status line, and where the reader writes. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Refusal } from '../client/client.ts';
import type { Chat } from './chat.ts';
import { handleLogKey } from './log-keys.ts';
import { composerView, nameView, type NoticeModel, noticeView } from './views-composer.ts';
import { announcerView, headerView, statusView } from './views-frame.ts';
import { type LogActions, type LogModel, logView } from './views-log.ts';

export interface ChatModel {
  readonly heading: string;
  readonly placeholder: string;
  readonly isReadOnly: boolean;
  readonly now: number;
  readonly canCopy: boolean;
}

export function chatView(chat: Chat, model: ChatModel, actions: LogActions): TemplateResult {
  const { language, room, snapshot, word } = chat;
  const label = model.heading === '' ? room : model.heading;
  const mayRename = snapshot.user?.role === 'guest' && !model.isReadOnly;
  const user = snapshot.user?.name === '' ? undefined : snapshot.user;
  const mayRetry = word === 'offline' && snapshot.status === 'offline';
  return html`<section
    class="chat"
    part="chat"
    aria-label=${language.say('label', { room: label })}
  >
    ${headerView({ language, heading: model.heading, room, user, mayRename }, () =>
      chat.openName(),
    )}
    ${logView(logModel(chat, model, label), actions)}
    ${statusView({ language, word, mayRetry }, () => chat.reconnect())}
    ${bottomView(chat, model, label)}
    <slot name="footer"></slot>
    ${announcerView(chat.announcer.current)}
  </section>`;
}

/** What the log calls for; one object for the element's life, so that rows need not be redrawn. */
export function logActions(chat: Chat, leave: () => void): LogActions {
  return {
    copy: (row) => void chat.copy(row),
    retry: (row) => chat.retry(row),
    discard: (row) => chat.discard(row),
    jump: () => chat.reader.jump(),
    loadOlder: () => chat.loadOlder(),
    reconnect: () => chat.reconnect(),
    keydown(event) {
      if (event.currentTarget instanceof Element) handleLogKey(event, event.currentTarget, leave);
    },
    focusin({ target }) {
      const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
      const key = row?.dataset['key'];
      if (key !== undefined) chat.reader.activate(key);
    },
  };
}

function logModel(chat: Chat, { now, canCopy }: ChatModel, room: string): LogModel {
  const { language, reader, snapshot, copiedKey, word } = chat;
  const { items, top, tabStop, isAway, unread } = reader;
  const isWaiting = snapshot.status !== 'live' && !chat.isReady;
  const kind: LogModel['waiting'] = word === 'offline' ? 'offline' : 'loading';
  const waiting = isWaiting ? kind : undefined;
  const refusal = refusalOf(chat);
  const ownId = snapshot.user?.id;
  const shown = { items, top, tabStop, isAway, unread, copiedKey, waiting, refusal };
  return { language, room, ownId, now, canCopy, ...shown };
}

function bottomView(chat: Chat, model: ChatModel, label: string): unknown {
  const { language, composer, snapshot } = chat;
  const { status, user, can, limits } = snapshot;
  if (status === 'refused') {
    const notice = refusalOf(chat);
    const isSaidInLog = snapshot.rows.length === 0;
    return notice && !isSaidInLog ? noticeView(notice, () => chat.reconnect()) : nothing;
  }
  if (model.isReadOnly) return nothing;
  const isNameless = user?.role === 'guest' && user.name === '';
  if (can.length > 0 && !can.includes('message') && !isNameless) {
    return noticeView({ words: language.say('readOnly') }, () => chat.reconnect());
  }
  if (isNameless || chat.nameForm.isOpen) return nameFormView(chat, user?.name ?? '');
  const placeholder =
    model.placeholder === '' ? language.say('placeholder', { room: label }) : model.placeholder;
  return composerView(
    { language, room: label, placeholder, textMax: limits.textMax, isReady: user !== undefined },
    composer,
  );
}

function nameFormView(chat: Chat, name: string): TemplateResult {
  const { language, nameForm } = chat;
  const { fault, isBusy } = nameForm;
  const words = fault?.key ? language.say(fault.key) : '';
  const said = fault ? words || language.error(fault.code, fault.message) : '';
  return nameView(
    { language, name, fault: said, isBusy },
    { submit: (given) => void chat.submitName(given), cancel: () => chat.cancelName() },
  );
}

/** Words for a refusal. What only the page can mend has no button. */
function refusalOf({ language, snapshot }: Chat): NoticeModel | undefined {
  if (snapshot.status !== 'refused') return undefined;
  const { code, message }: Refusal = snapshot.refusal ?? { code: 'internal', message: '' };
  const title = language.say('refusedTitle');
  const words = language.error(code, message);
  if (PAGE_FAULTS.has(code)) return { title, words };
  return { title, words, retry: language.say('tryAgain') };
}

/** Trying again would only be refused again. */
const PAGE_FAULTS: ReadonlySet<string> = new Set(['no_room', 'bad_server', 'bad_room']);
