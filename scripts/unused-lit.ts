/**
 * What of Lit's templates the element never uses is left out of the one file: directives, SVG,
 * bindings outside of children and attributes, compiled templates. Lit has no build without them,
 * and they are a quarter of it. Works on the text of the one version that package.json names.
 */

/** From the first text up to and with the second one; the third takes their place. */
type Cut = readonly [from: string, to: string, instead: string];

const cuts: readonly Cut[] = [
  // Directives, and `noChange`, which is theirs.
  ['t=M(this,t,i),', '', ''],
  ['t=M(this,t,i,0),', '', ''],
  ['r=M(this,', '(r=this._$AH[n]),', 'r=e[s+n],'],
  ['if((t=M(this,t,i,0)??A)===E)return;', '', 't??=A;'],
  ['t!==this._$AH&&t!==E&&', '', 't!==this._$AH&&'],
  ['||t!==this._$AH&&t!==E', '', '||t!==this._$AH'],
  ['function M(', 'i=M(t,h._$AS(t,i.values),h,e)),i}', ''],
  // SVG and MathML on their own: an icon brings its <svg>.
  ['l=2===i?"<svg>"', ':""', 'l=""'],
  ['(2===i?"</svg>"', ':"")', '""'],
  [
    'if(this.el=S.createElement(',
    '.childNodes)}',
    'this.el=S.createElement(f,e),P.currentNode=this.el.content;',
  ],
  // Bindings in text areas, style sheets and comments, and on an element itself.
  ['if(y.test(r.tagName)){', '}}}', '}'],
  ['(y.test(u[2])&&', ',c=p)', '(c=p)'],
  ['if(r.data===n)d.push({type:2,index:l});else', '-1}', 'd.push({type:2,index:l});'],
  ['else t.startsWith(o)&&', 'r.removeAttribute(t));', ''],
  [':6===r.type&&(i=new Z(h,this,t))', '', ':0'],
  ['class Z{', 'M(this,t)}}', ''],
  // Templates that were compiled, polyfills, and the count of versions on the window.
  ['"number"==typeof s?', ',s)', 'this._$AC(t)'],
  [',B=t.litHtmlPolyfillSupport', '.push("3.3.3")', ''],
  ['const j={', 'F:Z}', 'const j={}'],
  // Parts that are told of the document they are in, and what only others ask of a part.
  ['this._$AP?.(!1,!0,s);', '', ';'],
  ['setConnected(t){', '(t))}', ''],
  ['this._$AN=void 0,', '', ''],
  ['this._$AN=void 0,', '', ''],
  ['this._$AN=void 0,', '', ''],
  [',this._$Cv=e?.isConnected??!0', '', ''],
  ['get _$AU(){return this._$AM?._$AU??this._$Cv}', '', ''],
  ['get _$AU(){return this._$AM._$AU}', '', ''],
  ['get _$AU(){return this._$AM._$AU}', '', ''],
  ['get parentNode(){return this._$AM.parentNode}', '', ''],
  ['get parentNode(){let t', 'get endNode(){return this._$AB}', ''],
  ['get tagName(){return this.element.tagName}', '', ''],
  // Listeners that are objects, or have options; another place to draw than a whole root.
  ['this._$AH.call(this.options?.host??this.element,t)', '(t)', 'this._$AH.call(this.element,t):0'],
  ['||t.capture!==s.capture', 's.passive', ''],
  ['(t?.creationScope??l)', '', 'l'],
  ['const e=s?.renderBefore??i;', '', 'const e=i;'],
  ['const t=s?.renderBefore??null;', '', 'const t=null;'],
];

/** A plugin for Rollup. Ends the build when Lit is not the one that the cuts were made for. */
export function leaveUnusedLitOut() {
  return {
    name: 'leave-unused-lit-out',
    transform(code: string, id: string) {
      const isLit = id.replaceAll('\\', '/').endsWith('/lit-html/lit-html.js');
      // A map would say nothing: what stands there was minified already.
      return isLit ? { code: cuts.reduce(cut, code), map: null } : null;
    },
  };
}

function cut(code: string, [from, to, instead]: Cut): string {
  const start = code.indexOf(from);
  const end = start < 0 ? -1 : code.indexOf(to, start + from.length);
  if (end < 0) throw new Error(`Lit has no ${from}…${to}: look at scripts/unused-lit.ts again.`);
  return code.slice(0, start) + instead + code.slice(end + to.length);
}
