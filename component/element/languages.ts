/**
 * Words in languages other than English, for a page to load beside the element, before or after it.
 * The element never loads them itself: a page pays for the languages it speaks.
 */

import type { Translation } from './strings.ts';
import { ar } from './strings-ar.ts';
import { de } from './strings-de.ts';
import { es } from './strings-es.ts';
import { fr } from './strings-fr.ts';
import { he } from './strings-he.ts';
import { it } from './strings-it.ts';
import { ja } from './strings-ja.ts';
import { ko } from './strings-ko.ts';
import { nl } from './strings-nl.ts';
import { pl } from './strings-pl.ts';
import { ptBr } from './strings-pt-br.ts';
import { ru } from './strings-ru.ts';
import { tr } from './strings-tr.ts';
import { zh } from './strings-zh.ts';
import { zhHant } from './strings-zh-hant.ts';

/** The event by which elements that are there already take the words up. */
const LOADED = 'mini-chat-languages';

/** A region's words serve its language when there is no better. */
const tables: Readonly<Record<string, Translation>> = {
  ar,
  de,
  es,
  fr,
  he,
  it,
  ja,
  ko,
  nl,
  pl,
  'pt-br': ptBr,
  pt: ptBr,
  ru,
  tr,
  zh,
  // Regions that write traditional characters, with and without saying so.
  'zh-hant': zhHant,
  'zh-hant-hk': zhHant,
  'zh-hant-mo': zhHant,
  'zh-hant-tw': zhHant,
  'zh-hk': zhHant,
  'zh-mo': zhHant,
  'zh-tw': zhHant,
};

const languages = (globalThis.miniChatLanguages ??= new Map());
for (const [tag, strings] of Object.entries(tables)) languages.set(tag, strings);
if (typeof window !== 'undefined') window.dispatchEvent(new Event(LOADED));
