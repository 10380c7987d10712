/**
 * What people send to break a chat that draws markup. One corpus for the tokenizer (Node) and for
 * the renderer (browsers): texts that want to run a script, show one address and open another, or
 * cost more than linear time. Every script in it would call `hostileRan`.
 */

const RUN = 'hostileRan()';

/** Texts that try to become more than text. */
export const hostileMarkup: readonly string[] = [
  // elements and attributes
  `<script>${RUN}</script>`,
  `</script><script>${RUN}</script>`,
  `"><img src=x onerror=${RUN}>`,
  `'"--></style></title></textarea><svg onload=${RUN}>`,
  `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  `<a href="javascript:${RUN}">x</a>`,
  `<math><mi xlink:href="data:x,<script>${RUN}</script>">`,
  `<details open ontoggle=${RUN}>`,
  `&lt;script&gt;${RUN}&lt;/script&gt;`,
  `<!--><img src onerror=${RUN}>-->`,
  `<template><img src onerror=${RUN}></template>`,
  `\${${RUN}} {{${RUN}}} <%= ${RUN} %>`,
  // schemes
  `[x](javascript:${RUN})`,
  `[x](JaVaScRiPt:${RUN})`,
  `[x](java\tscript:${RUN})`,
  `[x](java\nscript:${RUN})`,
  `[x](\u0001javascript:${RUN})`,
  `[x]( javascript:${RUN})`,
  `[x](&#106;avascript:${RUN})`,
  `[x](&#x6A&#x61&#x76&#x61script:${RUN})`,
  `[x](javascript&colon;${RUN})`,
  `[x](java%73cript:${RUN})`,
  `[x](data:text/html,<script>${RUN}</script>)`,
  `[x](data:text/html;base64,PHNjcmlwdD5ob3N0aWxlUmFuKCk8L3NjcmlwdD4=)`,
  `[x](vbscript:${RUN})`,
  `[x](livescript:${RUN})`,
  `[x](blob:https://evil.example/1)`,
  `[x](file:///etc/passwd)`,
  `[x](filesystem:https://evil.example/temporary/x)`,
  `[x](view-source:https://evil.example/)`,
  `[x](ftp://evil.example/)`,
  `[x](about:blank)`,
  `[x](intent://evil.example#Intent;end)`,
  `[x](//evil.example)`,
  `[x](/\\evil.example)`,
  `[x](https:evil.example)`,
  `[x](https:/\\evil.example)`,
  `[x](http\u017f://evil.example)`,
  `[x](#top) [x](?a) [x](./a) [x]()`,
  `[x](https://)`,
  `[x](mailto:a@b.example?body=%0d%0aBcc:c@d.example)`,
  // out of the attribute
  `[x](https://a.example/"onmouseover=${RUN}//)`,
  `[x](https://a.example/'onmouseover=${RUN}//)`,
  `[x](https://a.example/ "title" onclick=${RUN})`,
  `https://a.example/"><script>${RUN}</script>`,
  `https://a.example/?q=<img/src/onerror=${RUN}>`,
  `[<img src=x onerror=${RUN}>](https://a.example)`,
  `[x](https://a.example/)\nonclick=${RUN}`,
  '```"><script>hostileRan()</script>\ncode\n```',
  '```" onclick="hostileRan()\ncode\n```',
  '`<img src=x onerror=hostileRan()>`',
  `> <img src=x onerror=${RUN}>`,
  `- <img src=x onerror=${RUN}>`,
  `1. <img src=x onerror=${RUN}>`,
  `**<img src=x onerror=${RUN}>**`,
  // links in links
  `[a [b](https://b.example) c](javascript:${RUN})`,
  `[[x](https://b.example)](https://c.example)`,
  `[x [y [z](https://z.example)](https://y.example)](https://x.example)`,
  `[https://b.example](https://c.example)`,
  `![x](https://a.example/x.png)`,
  `![x](javascript:${RUN})`,
  `[x][1]\n\n[1]: javascript:${RUN}`,
  `<javascript:${RUN}>`,
  `<https://a.example/${RUN}>`,
  // one address shown, another opened
  'https://bank.example@evil.example/',
  'https://bank.example:pw@evil.example/',
  '[x](https://bank.example%2f@evil.example/)',
  'https://bank.example\\@evil.example/',
  'https://bank.example\u2044login.evil.example/',
  'https://evil.example/\u202egpj.exe',
  '[x](https://evil.example/\u202egpj.exe)',
  'https://evil.example/\u2066fdp.exe\u2069',
  'https://bank.example\u200b.evil.example/',
  'https://b\u0430nk.example/',
  'https://bank.example\uff0fevil.example/',
  'https://bank\u3002example/',
  '[www.bank.example](https://evil.example)',
  '[admin@bank.example](mailto:me@evil.example)',
  'www.bank.example@evil.example',
  'http://0x7f000001/ http://127.1/ http://[::1]/',
  // bytes and sizes
  '\0<b>\0</b>',
  `[x](https://a.example/\0javascript:${RUN})`,
  '\ufeff**x**\ufffe',
  '\ud800**\udfff**',
  '**\u202etxet desrever**\u202c',
  `${'\u0301'.repeat(500)}**a${'\u0301'.repeat(500)}**`,
  `https://a.example/${'a'.repeat(30_000)}`,
  `[${'x'.repeat(15_000)}](https://a.example/${'y'.repeat(15_000)})`,
  'x'.repeat(32_768),
  '\n'.repeat(32_768),
  ' '.repeat(32_768),
  `\`\`\`${'x'.repeat(10_000)}\ncode\n\`\`\``,
  '99999999999999999999. x',
  '-1. x\n0. y\n007. z',
  // names that objects have anyway
  '__proto__ constructor toString hasOwnProperty',
  '```__proto__\nx\n```',
];

/** Pieces that are repeated to some length: every way known to make a parser look back. */
const PIECES: readonly string[] = [
  ...[
    '*',
    '**',
    '***',
    '_',
    '~~',
    '`',
    '[',
    ']',
    '(',
    ')',
    '>',
    '> ',
    '-',
    '- ',
    '1. ',
    '\\',
    '\n',
  ],
  ...[
    '*a',
    '**a',
    '_a ',
    '~~a',
    '*a ',
    'a* ',
    'a** ',
    'a*',
    '*a_',
    '*a _b ',
    '*a **b ',
    '*a* ',
    '_a_ ',
  ],
  ...[
    '*a **b _c ~~d ',
    'a~~ b_ c** d* ',
    '**a *b* c** ',
    '*a **b* c** ',
    '***a** b* ',
    '_*_*',
    '*_*',
  ],
  ...['`a', '``a`', '`a``b```c````', '` `` ', '\\`', '\\*', '\\[', '\\]', '`\\`', '``` ', '```\n'],
  ...[
    '[a',
    '[a]',
    '[a](',
    '](',
    '[](',
    '[a](b',
    '[a](b) ',
    '[[a]]',
    '[a](https://a.example',
    '[@](http://a)',
  ],
  ...[
    '[a](https://a.example) ',
    '[a](https://a.example/(',
    '[x](http://a)](http://a)',
    '[*a](http://a)* ',
  ],
  ...[
    'http://',
    'http://.',
    'https://a.example ',
    'www.',
    'www.a',
    'hhhh',
    'wwww',
    'https://a@b/ ',
  ],
  ...[
    'https://a.example/(((',
    'https://a.example/)))',
    'https://a.example/!!! ',
    'a/www.',
    '(http://a) ',
  ],
  ...[
    '> > ',
    '>> ',
    '> a\n',
    '> > > > > a\n',
    '>\n',
    '> ```\n',
    '- a\n',
    '- - ',
    '  - a\n',
    '- a\n  - b\n',
  ],
  ...[
    '1. a\n',
    '- a\n  > b\n',
    '> - a\n>   b\n',
    '    - a\n',
    '```js\n',
    '```\na\n',
    '\r',
    '\r\n',
    ' \n',
  ],
  ...[
    'e\u0301',
    '\u{1f600}*',
    '*\u{1f600}',
    '\u4e2d**',
    '**\u4e2d',
    '\ud800*',
    '\u202e_',
    '\0*',
    '\u200b',
  ],
  ...[
    '*a [b _c `d ',
    '**[a](http://a)',
    '`[a](http://a)',
    '[`a](http://a)`',
    '_https://a_ ',
    '~~`a`~~ ',
  ],
];

/** Texts of about `length` characters that make a careless parser slow; each with its name. */
export function floods(length: number): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  const half = Math.floor(length / 2);
  for (const piece of PIECES) {
    const name = JSON.stringify(piece);
    texts.set(`${name} again and again`, fill(piece, length));
    texts.set(
      `${name}, then a letter and all backwards`,
      `${fill(piece, half)}a${back(piece, half)}`,
    );
    texts.set(`${name} inside bold, code and link`, `**\`[${fill(piece, length)}](http://a)\`**`);
  }
  texts.set('runs of backticks, each longer', growing('`', 'a', length));
  texts.set('runs of asterisks, each longer', growing('*', 'a', length));
  texts.set('quotes, each deeper', growing('> ', 'a\n', length));
  texts.set('lists, each deeper', growing('  ', '- a\n', length));
  return texts;
}

function fill(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

function back(piece: string, length: number): string {
  return fill([...piece].reverse().join(''), length);
}

function growing(piece: string, end: string, length: number): string {
  let grown = '';
  for (let count = 1; grown.length < length; count += 1) grown += piece.repeat(count) + end;
  return grown.slice(0, length);
}
