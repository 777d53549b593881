// Changes lit at build time. Its build for Node works in a page and loads on a server: a server gets no globals, and
// a page neither the DOM in which lit would render there, nor what only decorators, polyfills, hydration and style
// sheets of lit's own need. A new version of lit without one of these places fails the build.

/** By file: what is replaced, and by what. */
const CHANGES = {
  'reactive-element/node/reactive-element.js': [
    ['import{customElements as t,HTMLElement as s}from"@lit-labs/ssr-dom-shim";', 'class s{}'],
    ['l.customElements??=t;', ''],
    // The element adopts its style sheets itself: views/adopt-styles.js.
    ['import{getCompatibleStyle as i,adoptStyles as e}from"./css-tag.js";', ''],
    ['export{CSSResult,css,supportsAdoptingStyleSheets,unsafeCSS}from"./css-tag.js";', ''],
    [',e as adoptStyles,b as defaultConverter,i as getCompatibleStyle,m as notEqual', ''],
    ['return e(t,this.constructor.elementStyles),t}', 'return t}'],
    ['this.elementStyles=this.finalizeStyles(this.styles)', ''],
    [
      'static finalizeStyles(t){const s=[];if(Array.isArray(t)){const e=new Set(t.flat(1/0).reverse());for(const t of e)s.unshift(i(t))}else void 0!==t&&s.push(i(t));return s}',
      '',
    ],
    ['g.elementStyles=[],', ''],
    // Decorators.
    ['Symbol.metadata??=Symbol("metadata"),l.litPropertyMetadata??=new WeakMap;', ''],
    [
      'const t=this[Symbol.metadata];if(null!==t){const s=litPropertyMetadata.get(t);if(void 0!==s)for(const[t,i]of s)this.elementProperties.set(t,i)}',
      '',
    ],
    ['static addInitializer(t){this._$Ei(),(this.l??=[]).push(t)}', ''],
    [',this.constructor.l?.forEach(t=>t(this))', ''],
    ['void 0!==t.l&&(this.l=[...t.l]),', ''],
    // Polyfills, and the warning about two versions.
    ['u=l.reactiveElementPolyfillSupport,', ''],
    [',u?.({ReactiveElement:g}),(l.reactiveElementVersions??=[]).push("2.1.2")', ''],
  ],
  'lit-html/node/lit-html.js': [
    ['Z=t.litHtmlPolyfillSupport;Z?.(N,k),(t.litHtmlVersions??=[]).push("3.3.0");const ', ''],
  ],
  'lit-element/lit-element.js': [
    [',s.litElementHydrateSupport?.({LitElement:i})', ''],
    ['const o=s.litElementPolyfillSupport;o?.({LitElement:i});', ''],
    ['(s.litElementVersions??=[]).push("4.2.2");', ''],
  ],
};

export const smallLit = {
  name: 'small-lit',
  enforce: 'pre',
  transform(code, id) {
    const [, changes] = Object.entries(CHANGES).find(([name]) => id.endsWith(name)) ?? ['', []];
    let changed = code;
    for (const [from, to] of changes) {
      if (!changed.includes(from)) throw new Error(`lit has changed: ${id} has no ${from}`);
      changed = changed.replace(from, () => to);
    }
    return changes.length ? { code: changed, map: null } : undefined;
  },
};

/** Where packages have a build for Node, take it. */
export const conditions = ['node', 'import', 'module'];
