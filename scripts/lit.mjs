// Changes lit at build time. Its build for Node works in a page and loads on a server: a server gets no globals, and
// a page neither the DOM in which lit would render there, nor what only decorators, polyfills, hydration, style
// sheets of lit's own and asynchronous directives need. Nor what no template here has: expressions in comments, in
// tags and in `<textarea>` and the like (scripts/minify.mjs refuses such elements), SVG of its own, and nodes as values.
// A new version of lit without one of these places fails the build.

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
    // Kinds of properties that the element has not: objects as attributes, defaults, accessors and converters of their own.
    [
      'toAttribute(t,s){switch(s){case Boolean:t=t?d:null;break;case Object:case Array:t=null==t?t:JSON.stringify(t)}return t},',
      '',
    ],
    [
      'i=null===t?null:Number(t);break;case Object:case Array:try{i=JSON.parse(t)}catch(t){i=null}',
      'i=null===t?null:Number(t)',
    ],
    ['(void 0!==i.converter?.toAttribute?i.converter:b).toAttribute(s,i.type)', 's'],
    [
      'h="function"==typeof t.converter?{fromAttribute:t.converter}:void 0!==t.converter?.fromAttribute?t.converter:b;',
      'h=b;',
    ],
    ['this[e]=r??this._$Ej?.get(e)??r', 'this[e]=r'],
    [
      '(i.hasChanged??m)(h,s)||i.useDefault&&i.reflect&&h===this._$Ej?.get(t)&&!this.hasAttribute(r._$Eu(t,i))',
      'm(h,s)',
    ],
    [
      '{useDefault:i,reflect:e,wrapped:h},r){i&&!(this._$Ej??=new Map).has(t)&&(this._$Ej.set(t,r??s??this[t]),!0!==h||void 0!==r)||(',
      '{reflect:e}){(',
    ],
    ['(this.hasUpdated||i||(s=void 0),', '(this.hasUpdated||(s=void 0),'],
    [',this.prototype.hasOwnProperty(t)&&((s=Object.create(s)).wrapped=!0),', ','],
    [
      'const{get:e,set:h}=o(this.prototype,t)??{get(){return this[s]},set(t){this[s]=t}};return{get:e,set(s){const r=e?.call(this);h?.call(this,s),this.requestUpdate(t,r,i)}',
      'return{get(){return this[s]},set(e){const r=this[s];this[s]=e,this.requestUpdate(t,r,i)}',
    ],
    [
      'const t=this.constructor.elementProperties;if(t.size>0)for(const[s,i]of t){const{wrapped:t}=i,e=this[s];!0!==t||this._$AL.has(s)||void 0===e||this.C(s,void 0,i,e)}',
      '',
    ],
    [',converter:b,reflect:!1,useDefault:!1,hasChanged:m', ',reflect:!1'],
    // Polyfills, and the warning about two versions.
    ['u=l.reactiveElementPolyfillSupport,', ''],
    [',u?.({ReactiveElement:g}),(l.reactiveElementVersions??=[]).push("2.1.2")', ''],
  ],
  'lit-html/node/lit-html.js': [
    ['Z=t.litHtmlPolyfillSupport;Z?.(N,k),(t.litHtmlVersions??=[]).push("3.3.0");const ', ''],
    ['{M:e,P:h,A:o,C:1,L:V,R:M,D:u,V:S,I:k,H:R,N:I,U:L,B:H,F:z}', '{I:k}'],
    // Other templates than HTML, and compiled ones.
    [
      'y=t=>(i,...s)=>({_$litType$:t,strings:i,values:s}),x=y(1),T=y(2),b=y(3)',
      'x=(i,...s)=>({_$litType$:1,strings:i,values:s})',
    ],
    [',b as mathml', ''],
    [',T as svg', ''],
    ['l=2===i?"<svg>":3===i?"<math>":""', 'l=""'],
    ['+(2===i?"</svg>":3===i?"</math>":"")', ''],
    [
      'if(this.el=N.createElement(f,n),C.currentNode=this.el.content,2===s||3===s){const t=this.el.content.firstChild;t.replaceWith(...t.childNodes)}',
      'this.el=N.createElement(f,n);C.currentNode=this.el.content;',
    ],
    [
      '{values:i,_$litType$:s}=t,e="number"==typeof s?this._$AC(t):(void 0===s.el&&(s.el=N.createElement(P(s.h,s.h[0]),this.options)),s)',
      '{values:i}=t,e=this._$AC(t)',
    ],
    // Expressions in comments, in tags, and in elements whose content is text.
    [
      '"!--"===u[1]?c=v:void 0!==u[1]?c=_:void 0!==u[2]?($.test(u[2])&&(r=RegExp("</"+u[2],"g")),c=m):void 0!==u[3]&&(c=m)',
      'c=m',
    ],
    ['c=r??f', 'c=f'],
    ['c===v||c===_?c=f:(c=m,r=void 0)', 'c=m'],
    [
      'else t.startsWith(h)&&(d.push({type:6,index:c}),r.removeAttribute(t));if($.test(r.tagName)){const t=r.textContent.split(h),s=t.length-1;if(s>0){r.textContent=i?i.emptyScript:"";for(let i=0;i<s;i++)r.append(t[i],l()),C.nextNode(),d.push({type:2,index:++c});r.append(t[s],l())}}',
      '',
    ],
    [
      'if(8===r.nodeType)if(r.data===o)d.push({type:2,index:c});else{let t=-1;for(;-1!==(t=r.data.indexOf(h,t+1));)d.push({type:7,index:c}),t+=h.length-1}',
      'r.data===o&&d.push({type:2,index:c});',
    ],
    [
      '1===l.type?i=new l.ctor(h,l.name,l.strings,this,t):6===l.type&&(i=new z(h,this,t))',
      'i=new l.ctor(h,l.name,l.strings,this,t)',
    ],
    // Values that are nodes, and iterables that are no arrays.
    ['void 0!==t.nodeType?this.T(t):u(t)', 'a(t)'],
    // Listeners that are objects or have options.
    ['||t.capture!==s.capture||t.once!==s.once||t.passive!==s.passive', ''],
    [
      '"function"==typeof this._$AH?this._$AH.call(this.options?.host??this.element,t):this._$AH.handleEvent(t)',
      'this._$AH.call(this.options.host,t)',
    ],
    // Asynchronous directives, and what only directives of an app would read.
    ['h?._$AO?.(!1),', ''],
    ['get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}', ''],
    ['get _$AU(){return this._$AM?._$AU??this._$Cv}', ''],
    [',this._$Cv=e?.isConnected??!0', ''],
    [
      'get parentNode(){let t=this._$AA.parentNode;const i=this._$AM;return void 0!==i&&11===t?.nodeType&&(t=i.parentNode),t}get startNode(){return this._$AA}get endNode(){return this._$AB}',
      '',
    ],
    ['this._$AP?.(!1,!0,i);t', ';t'],
    ['setConnected(t){void 0===this._$AM&&(this._$Cv=t,this._$AP?.(t))}', ''],
    ['get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}', ''],
    ['this._$AV=[],this._$AN=void 0,', 'this._$AV=[],'],
    ['this.type=2,this._$AH=E,this._$AN=void 0,', 'this.type=2,this._$AH=E,'],
    ['this.type=1,this._$AH=E,this._$AN=void 0,', 'this.type=1,this._$AH=E,'],
  ],
  'lit-html/node/directive.js': [['get _$AU(){return this._$AM._$AU}', '']],
  'lit-html/node/directive-helpers.js': [
    [
      'const t=n._$AB.nextSibling,i=n._$AM,c=i!==o;if(c){let t;n._$AQ?.(o),n._$AM=o,void 0!==n._$AP&&(t=o._$AU)!==i._$AU&&n._$AP(t)}if(t!==l||c){',
      'const t=n._$AB.nextSibling;if(t!==l){',
    ],
    ['o._$AP?.(!1,!0);let', 'let'],
  ],
  // Directives, as they are used here: `repeat` with keys, `live` for properties, `guard` for arrays.
  'lit-html/node/directives/repeat.js': [
    [
      'constructor(e){if(super(e),e.type!==r.CHILD)throw Error("repeat() can only be used in text expressions")}',
      '',
    ],
    ['let r;void 0===t?t=s:void 0!==s&&(r=s);', ''],
    ['l[i]=r?r(s,i):i,o', 'l[i]=r(s),o'],
    ['dt(e,s,t){', 'dt(e,r,t){'],
    ['render(e,s,t){return this.dt(e,s,t).values}', ''],
  ],
  'lit-html/node/directives/live.js': [
    [
      'constructor(r){if(super(r),r.type!==n.PROPERTY&&r.type!==n.ATTRIBUTE&&r.type!==n.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!o(r))throw Error("`live` bindings can only contain a single expression")}render(r){return r}',
      '',
    ],
    ['if(t===r||t===e)return t;const', 'const'],
    [
      'if(i.type===n.PROPERTY){if(t===o[l])return r}else if(i.type===n.BOOLEAN_ATTRIBUTE){if(!!t===o.hasAttribute(l))return r}else if(i.type===n.ATTRIBUTE&&o.getAttribute(l)===t+"")return r;',
      'if(t===o[l])return r;',
    ],
  ],
  'lit-element/lit-element.js': [
    [',s.litElementHydrateSupport?.({LitElement:i})', ''],
    ['const o=s.litElementPolyfillSupport;o?.({LitElement:i});', ''],
    ['(s.litElementVersions??=[]).push("4.2.2");', ''],
    ['this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),', ''],
    [
      'connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}',
      '',
    ],
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
