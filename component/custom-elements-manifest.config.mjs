/** For the analyzer, which scripts/manifest.ts runs; it would otherwise edit package.json. */
export default {
  globs: ['element/element.ts', 'element/mini-chat.ts', 'element/events.ts'],
  litelement: true,
  packagejson: false,
};
