/**
 * Words in languages other than English, for a page to load beside the element, before or after it.
 * The element never loads them itself: a page pays for the languages it speaks.
 */

import type { Strings } from './strings.ts';
import { ptBr } from './strings-pt-br.ts';

/** The event by which elements that are there already take the words up. */
const LOADED = 'mini-chat-languages';

/** A region's words serve its language when there is no better. */
const tables: Readonly<Record<string, Strings>> = { 'pt-br': ptBr, pt: ptBr };

const languages = (globalThis.miniChatLanguages ??= new Map());
for (const [tag, strings] of Object.entries(tables)) languages.set(tag, strings);
if (typeof window !== 'undefined') window.dispatchEvent(new Event(LOADED));
