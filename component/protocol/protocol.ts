/** What `mini-chat/protocol` offers: the ops, the codes, and the only way from text to an op. */
export * from './change.ts';
export * from './codes.ts';
export * from './name.ts';
export * from './fold.ts';
export type * from './ops.ts';
export * from './parse.ts';
