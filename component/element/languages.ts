/**
 * Words in languages other than English, for a page to load beside the element, before or after it.
 * The element never loads them itself: a page pays for the languages it speaks.
 */

import type { ActionStrings, Strings } from './strings.ts';
import { actionsPtBr } from './strings-actions-pt-br.ts';
import { ptBr } from './strings-pt-br.ts';

/** The event by which elements that are there already take the words up. */
const LOADED = 'mini-chat-languages';

/** A region's words serve its language when there is no better. */
const portuguese: Strings & ActionStrings = { ...ptBr, ...actionsPtBr };
const tables = { 'pt-br': portuguese, pt: portuguese };

const languages = (globalThis.miniChatLanguages ??= new Map());
for (const [tag, strings] of Object.entries(tables)) languages.set(tag, strings);
if (typeof window !== 'undefined') window.dispatchEvent(new Event(LOADED));
