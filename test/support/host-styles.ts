/**
 * Pages that a chat may find itself on: style sheets of the kind that sites begin with, and scripts
 * that change what every page relies on. Written for the tests; the rules are of these kinds, not
 * copies.
 */

/** Style sheets, by what they are like. */
export const hostStyles: Readonly<Record<string, string>> = {
  'a preflight of a utility framework': `
    *, ::before, ::after { box-sizing: border-box; margin: 0; padding: 0; border: 0 solid; }
    html { line-height: 1.5; font-family: ui-serif, serif; tab-size: 4; }
    h1, h2, h3, h4 { font-size: inherit; font-weight: inherit; }
    ol, ul, menu { list-style: none; }
    a { color: inherit; text-decoration: inherit; }
    b, strong { font-weight: bolder; }
    img, svg, video, canvas { display: block; vertical-align: middle; }
    button, input, select, textarea {
      font: inherit; color: inherit; letter-spacing: inherit; border-radius: 0;
      background-color: transparent; opacity: 1;
    }
    ::placeholder { opacity: 1; color: red; }
    textarea { resize: vertical; }
    [hidden] { display: none !important; }`,
  'a reboot of a component framework': `
    *, ::before, ::after { box-sizing: border-box; }
    :root { font-size: 16px; scroll-behavior: smooth; }
    body { margin: 0; font: 400 1rem/1.5 serif; color: #212529; background: #fff; }
    p { margin: 0 0 1rem; } ul { padding-left: 2rem; } label { display: inline-block; }
    code { font-size: 0.875em; color: #d63384; } pre { overflow: auto; }
    button { border-radius: 0; text-transform: none; }
    button:focus:not(:focus-visible) { outline: 0; }
    .row { display: flex; flex-wrap: wrap; margin: 0 -12px; } .row > * { width: 100%; }
    .text, .list, .log, .line, .button, .input, .header, .badge, .action, .base, .chat {
      display: inline-block; padding: 9px; color: #fff; background: #0d6efd; float: left;
    }
    section, form, header { margin: 40px; border: 4px dotted red; }`,
  'a root font of 50 pixels': `
    html { font-size: 50px; } body { font-size: 1rem; }`,
  'a reset that unsets everything': `
    *, *::before, *::after { all: unset; }`,
  'a body whose every inherited property is strange': `
    body {
      font: italic small-caps 900 33px/3 fantasy; letter-spacing: 0.4em; word-spacing: 1em;
      text-transform: uppercase; text-align: center; text-indent: 3em; white-space: pre;
      color: red; cursor: crosshair; text-shadow: 2px 2px lime; list-style: square;
      word-break: break-all; hyphens: auto; font-feature-settings: "smcp"; quotes: "x" "y";
      border-collapse: collapse; caret-color: lime; accent-color: lime; tab-size: 12;
      text-wrap: nowrap; font-stretch: condensed; stroke: lime; fill: lime;
    }`,
};

/** Scripts that run before anything else, by what they do. */
export const hostScripts: Readonly<Record<string, string>> = {
  'arrays, objects and functions with additions': `
    Array.prototype.last = function () { return this[this.length - 1]; };
    Array.prototype.remove = function (one) { return this.filter((it) => it !== one); };
    Object.prototype.extend = function (more) { return Object.assign(this, more); };
    Object.prototype.tap = function (run) { run(this); return this; };
    String.prototype.capitalize = function () { return this[0].toUpperCase() + this.slice(1); };
    Function.prototype.delay = function (ms) { return setTimeout(this, ms); };`,
  'a JSON of its own': `
    const { parse, stringify } = JSON;
    JSON.parse = function (text, reviver) { return parse.call(this, text, reviver); };
    JSON.stringify = function (...all) { return stringify.apply(JSON, all); };
    Date.prototype.toJSON = function () { return 'a date'; };
    Array.prototype.toJSON = function () { return '[' + this.map((one) => stringify(one)).join(', ') + ']'; };`,
  'frozen prototypes': `
    for (const one of [Object, Array, Function, String, Number, Promise, Map, Set, WeakMap, Error,
      RegExp, Date, URL, Event, EventTarget, Node, Element, HTMLElement, WebSocket, Storage]) {
      Object.freeze(one.prototype);
      Object.freeze(one);
    }
    Object.freeze(JSON);
    Object.freeze(Math);`,
  'timers and promises of its own': `
    const { setTimeout: after, requestAnimationFrame: frame, Promise: Plain } = window;
    window.setTimeout = function (run, ms, ...all) { return after(() => run(...all), ms); };
    window.requestAnimationFrame = (run) => frame((at) => run(at));
    window.Promise = class extends Plain {
      static withResolvers() { return Plain.withResolvers.call(this); }
    };`,
};
