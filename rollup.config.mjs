/**
 * The one file: component/element/mini-chat.ts with Lit inside, minified, with a source map. Beside
 * it what it loads once it is asked for it, and the languages, for pages that speak one.
 */

import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { nodeResolve } from '@rollup/plugin-node-resolve';
import terser from '@rollup/plugin-terser';
import { minifyHTMLLiterals } from 'minify-literals';
import esbuild from 'rollup-plugin-esbuild';

import { buildId } from './scripts/build-id.ts';
import { LOADED } from './scripts/size.ts';

const BUILD = buildId('.');

const LIT = ' Contains Lit, (c) Google LLC (BSD-3-Clause).';

/** What ships as one file, by its name. */
const inputs = {
  'mini-chat.min.js': 'component/element/mini-chat.ts',
  ...Object.fromEntries(LOADED.map(({ name, source }) => [name, source])),
  'mini-chat-languages.min.js': 'component/element/languages.ts',
};

export default Object.entries(inputs).map(([name, input]) => ({
  input,
  output: {
    file: `component/dist/${name}`,
    format: 'es',
    sourcemap: true,
    // Both licences ask for their notice to travel with the code.
    banner: `/*! mini-chat ${BUILD} (MIT).${name === 'mini-chat.min.js' ? LIT : ''} */`,
    intro: LOADED.some((file) => file.name === name) ? refuseOtherBuilds(name) : '',
  },
  plugins: [
    leaveLoadedFilesOut(),
    sharePrivateNames(),
    shortenCustomProperties(),
    minifyTemplates(),
    keepWindowClean(),
    nodeResolve({ exportConditions: ['source'], extensions: ['.ts', '.js'] }),
    // tsconfig: false, since the root one is about the type check and would be searched per file.
    esbuild({ target: 'es2022', tsconfig: false }),
    terser({
      ecma: 2022,
      module: true,
      // Arrows for functions that have no `this`; nothing here is called with `new` by its name.
      compress: {
        passes: 3,
        inline: 1,
        sequences: false,
        pure_getters: true,
        unsafe_arrows: true,
        unsafe_comps: true,
        unsafe_methods: true,
      },
      mangle: { properties: { regex: internalNames() } },
      format: { comments: /^!/ },
    }),
  ],
  /** A warning here is an unresolved import or a cycle: both would ship broken. */
  onwarn(warning) {
    throw new Error(warning.message);
  },
}));

/**
 * Sources and the npm package say `./actions.ts`; what is served is `./mini-chat-actions.js`, asked
 * for with the build, so that no cache answers with the file of another one.
 */
function leaveLoadedFilesOut() {
  return {
    name: 'leave-loaded-files-out',
    resolveDynamicImport(asked, importer) {
      const file = path.resolve(path.dirname(importer), asked);
      const loaded = LOADED.find(({ source }) => path.resolve(source) === file);
      return loaded === undefined
        ? null
        : { id: `./${loaded.name}?build=${BUILD}`, external: true };
    },
  };
}

/**
 * The names that files share are short in a way of each build's own. Where a cache overlooks what
 * follows the `?`, or the one file is the older one, this fails before anything of them is used.
 */
function refuseOtherBuilds(name) {
  return `{
    const [, asked] = /[?&]build=([^&#]*)/.exec(import.meta.url) ?? [];
    if (asked && asked !== '${BUILD}') {
      throw new Error('${name} is of build ${BUILD}, and asked for by build ' + asked);
    }
  }`;
}

/** Takes the blanks out of css`…`, html`…` and svg`…` while the source is still TypeScript. */
function minifyTemplates() {
  return {
    name: 'minify-templates',
    async transform(source, id) {
      if (!/component\/element\/[^/]+\.ts$/.test(id.replaceAll('\\', '/'))) return null;
      return minifyHTMLLiterals(source, { fileName: id });
    },
  };
}

/** Lit counts its copies in a global of the page. Nothing reads that but Lit's own advice. */
function keepWindowClean() {
  const count = /\(\w\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/;
  return {
    name: 'keep-window-clean',
    transform(source, id) {
      if (!id.endsWith('/lit-html.js')) return null;
      if (!count.test(source)) this.error('Lit no longer counts its copies in this way.');
      return { code: source.replace(count, '0'), map: null };
    },
  };
}

/**
 * Gives the private members of all classes the same few names, the most used one first. Terser
 * would give each its own, of two letters, which costs 0.4 KB gzipped.
 */
function sharePrivateNames() {
  const privates = /(?<=\w\.|^ +(?:readonly |get |static |async )*)#(\w+)/gm;
  return {
    name: 'share-private-names',
    transform(source, id) {
      if (!/component\/\w+\/[^/]+\.ts$/.test(id.replaceAll('\\', '/'))) return null;
      const counts = new Map();
      for (const [, name] of source.matchAll(privates)) {
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      const names = [...counts.keys()].sort((one, two) => counts.get(two) - counts.get(one));
      // Lines stay where they are, so the source map holds without one for this step.
      const code = source.replace(privates, (_, name) => `#p${names.indexOf(name)}`);
      return { code, map: null };
    },
  };
}

/** Custom properties that begin with `--_` are our own: one more letter does, in all files. */
function shortenCustomProperties() {
  const own = /--_[a-z-]+/g;
  const found = new Set(textOf(['component/element/*.ts']).match(own));
  const names = [...found].sort((one, two) => (one < two ? -1 : 1));
  return {
    name: 'shorten-custom-properties',
    transform(source, id) {
      if (!/component\/element\/[^/]+\.ts$/.test(id.replaceAll('\\', '/'))) return null;
      const code = source.replace(own, (name) => `--_${names.indexOf(name).toString(36)}`);
      return { code, map: null };
    },
  };
}

/**
 * Matches the names of members that nobody outside of the file can see, so that they may be short.
 * Left out: what goes over the wire or into storage, what pages use, what the files know of
 * each other, what Lit has, and what is also a string somewhere. Terser itself leaves out whatever
 * browsers have.
 */
function internalNames() {
  const seen = [
    'component/protocol/*.ts',
    'component/element/{element,events,kit,language,react,strings*}.ts',
    'component/client/{client,draft,environment,refusal,room,row}.ts',
  ];
  const own = textOf(['component/{element,client}/*.ts']);
  const lit = textOf(['node_modules/{lit-html,lit-element,@lit/reactive-element}/*.js']);
  const hidden = membersOf(own).difference(membersOf(textOf(seen)));
  const names = [...hidden].filter((name) => !own.includes(`'${name}'`) && !lit.includes(name));
  return new RegExp(`^(?:${names.join('|')})$`);
}

function textOf(patterns) {
  return patterns
    .flatMap((pattern) => globSync(pattern))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}

/** What classes and interfaces declare, by the two blanks before it. */
function membersOf(text) {
  const member = /^  (?:readonly |declare |get |set |async )*([a-z]\w*)\??(?:[:(<]| =)/gm;
  return new Set([...text.matchAll(member)].map(([, name]) => name));
}
