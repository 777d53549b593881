// Minifies the element and the page beyond what Vite does: the templates, and the JavaScript once more.

import { createRequire } from 'node:module';
import { transform } from 'esbuild';
import { minify } from 'terser';

const terser = createRequire(import.meta.url)('terser/package.json');

/**
 * Minifies templates: replaces line breaks and indents by a space, and minifies style sheets, which have
 * no expressions.
 */
const templates = {
  name: 'minify-templates',
  async transform(code, id) {
    if (!id.includes('/www/element/') || !/\b(html|css)`/.test(code)) return undefined;
    const quasis = [];
    const visit = (node) => {
      if (Array.isArray(node)) node.forEach(visit);
      else if (typeof node?.type === 'string') {
        if (node.type === 'TaggedTemplateExpression' && /^(html|css)$/.test(node.tag.name))
          for (const quasi of node.quasi.quasis) quasis.push({ ...quasi, of: node.tag.name });
        Object.values(node).forEach(visit);
      }
    };
    visit(this.parse(code));
    let terse = code;
    for (const { start, end, of } of quasis.sort((a, b) => b.start - a.start)) {
      const text = terse.slice(start, end);
      const less = of === 'css' ? await sheet(text) : markup(text);
      terse = terse.slice(0, start) + less + terse.slice(end);
    }
    return { code: terse, map: null };
  },
  // The page itself: comments and indents.
  transformIndexHtml: (page) => page.replace(/\s*<!--[^]*?-->/g, '').replace(/\n\s+/g, '\n'),
};

/** Keeps one space where there was any, because inline elements need it, but none before the end of a tag. */
const markup = (text) => text.replace(/\s*\n\s*/g, ' ').replace(/ (?=>)/g, '');

/** Minifies a style sheet in a template. */
async function sheet(text) {
  const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
  // It goes back into a template, which would interpret an escape.
  if (/[\\`]|\$\{/.test(text + code)) throw new Error(`a style sheet with an escape: ${code}`);
  return code.trim();
}

const OPTIONS = {
  ecma: 2022,
  // No function is called with `new`, nothing depends on `Function.length`, and getters only read.
  compress: {
    ...{ passes: 3, unsafe_arrows: true, keep_fargs: false, pure_getters: true },
    // Comparisons in their written order repeat more.
    lhs_constants: false,
  },
};

/** Vite's minifier inlines constants, and Terser finds shorter expressions: both make less than either. */
const again = {
  name: 'minify-again',
  // It runs after the hash of the content, which is in a file's name.
  augmentChunkHash: () => JSON.stringify([terser.version, OPTIONS]),
  async generateBundle({ format }, files) {
    for (const file of Object.values(files).filter(({ type }) => type === 'chunk')) {
      const kind = { module: format === 'es', toplevel: true };
      file.code = `${(await minify(file.code, { ...kind, ...structuredClone(OPTIONS) })).code}\n`;
    }
  },
};

export const minifying = [templates, again];
