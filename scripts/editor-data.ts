/**
 * What editors complete and explain, from what the manifest says of the element: custom data for
 * the HTML and the CSS of VS Code and its relatives, web-types for JetBrains'. Pure.
 */

import type { ElementFacts, Fact } from './manifest.ts';

const ABOUT = 'A chat room; see the README of the package mini-chat.';

/** For the setting `html.customData`. */
export function htmlData(element: ElementFacts): object {
  const attributes = element.attributes.map(({ name, description = '', type }) => ({
    name,
    description,
    ...valuesOf(type?.text ?? ''),
  }));
  return {
    version: 1.1,
    tags: [{ name: element.tagName, description: markdown(tagWords(element)), attributes }],
  };
}

/** For the setting `css.customData`. */
export function cssData(element: ElementFacts): object {
  return {
    version: 1.1,
    properties: element.cssProperties.map((fact) => ({
      name: fact.name,
      description: markdown(withDefault(fact)),
    })),
    pseudoElements: element.cssParts.map((fact) => named(fact, `::part(${fact.name})`)),
    pseudoClasses: (element.cssStates ?? []).map((fact) => named(fact, `:state(${fact.name})`)),
  };
}

/** For JetBrains' editors, which find it by `web-types` in the package.json of a dependency. */
export function webTypes(element: ElementFacts, version: string): object {
  const properties = element.members.filter(({ kind }) => kind === 'field');
  const tag = {
    name: element.tagName,
    description: ABOUT,
    attributes: element.attributes.map((fact) => ({
      ...named(fact),
      value: { type: fact.type?.text ?? 'string' },
    })),
    slots: element.slots.map((fact) => named(fact)),
    js: { properties: properties.map(typed), events: element.events.map(typed) },
    css: {
      properties: element.cssProperties.map((fact) => named(fact)),
      parts: element.cssParts.map((fact) => named(fact)),
    },
  };
  return {
    $schema: 'https://raw.githubusercontent.com/JetBrains/web-types/master/schema/web-types.json',
    name: 'mini-chat',
    version,
    'js-types-syntax': 'typescript',
    'description-markup': 'markdown',
    contributions: { html: { elements: [tag] } },
  };
}

function named({ name, description = '' }: Fact, shown = name): object {
  return { name: shown, description };
}

function typed(fact: Fact): object {
  return { ...named(fact), type: fact.type?.text ?? 'unknown' };
}

/** What may stand after the `=`: nothing for what is on or off, one of a few, or anything. */
function valuesOf(type: string): object {
  // "v" is the set of no values: the name alone says it.
  if (type === 'boolean') return { valueSet: 'v' };
  const values = [...type.matchAll(/'([^']*)'/g)]
    .map(([, name = '']) => ({ name }))
    .filter(({ name }) => name !== '');
  return values.length === 0 ? {} : { values };
}

/** HTML data has no place for events, slots and parts but the words about the tag. */
function tagWords({ events, slots, cssParts }: ElementFacts): string {
  const lists = Object.entries({ Events: events, Slots: slots, Parts: cssParts });
  return [ABOUT, ...lists.map(([title, facts]) => `${title}:\n\n${listOf(facts)}`)].join('\n\n');
}

function listOf(facts: readonly Fact[]): string {
  return facts.map(({ name, description = '' }) => `- \`${name}\`: ${description}`).join('\n');
}

function withDefault({ description = '', default: initial = '' }: Fact): string {
  return initial === '' ? description : `${description}\n\nDefault: \`${initial}\``;
}

function markdown(value: string): object {
  return { kind: 'markdown', value };
}
