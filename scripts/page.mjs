// Builds the moderator page into www/dist/, with content hashes in file names and compressed copies, and
// the element for the npm package into pkg/dist/. Writes the notices of third-party code.

import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { build } from 'vite';
import { writeNotices } from './notices.mjs';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const COMPRESSED = /\.(html|js|css|svg|wasm)$/;

/**
 * Minifies templates: replaces line breaks and indents by a space, and minifies style sheets, which have
 * no expressions.
 */
const terse = {
  name: 'terse-templates',
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
      const less = of === 'css' ? await sheet(text) : text.replace(/\s*\n\s*/g, ' ');
      terse = terse.slice(0, start) + less + terse.slice(end);
    }
    return { code: terse, map: null };
  },
  // The page itself: comments and indents.
  transformIndexHtml: (page) => page.replace(/\s*<!--[^]*?-->/g, '').replace(/\n\s+/g, '\n'),
};

/** Minifies a style sheet in a template. */
async function sheet(text) {
  const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
  // It goes back into a template, which would interpret an escape.
  if (/[\\`]|\$\{/.test(text + code)) throw new Error(`a style sheet with an escape: ${code}`);
  return code.trim();
}

/** The folders of the npm packages whose code is in a bundle. */
const bundled = new Set();
const recordPackages = {
  name: 'record-packages',
  generateBundle(_options, files) {
    for (const { modules = {} } of Object.values(files)) {
      for (const id of Object.keys(modules)) {
        const [folder] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
        if (folder) bundled.add(folder);
      }
    }
  },
};

const shared = {
  plugins: [terse, recordPackages],
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  root: path('www'),
};

// The whole page, with the client's entry for Vite, which emits the wasm.
await build({
  ...shared,
  base: './',
  resolve: { alias: { 'realtimekit-moderator': path('pkg/vite.js') } },
  build: {
    outDir: path('www/dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page's policy forbids it.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});

/**
 * Changes in lit's build for Node, which works in a page and loads on a server: a server gets no globals, and a page
 * not the DOM in which lit would render there.
 */
const LIT = {
  'reactive-element/node/reactive-element.js': [
    ['import{customElements as t,HTMLElement as s}from"@lit-labs/ssr-dom-shim";', 'class s{}'],
    ['l.customElements??=t;', ''],
    ['Symbol.metadata??=', 'l.document&&(Symbol.metadata??='],
    ['l.litPropertyMetadata??=new WeakMap', 'l.litPropertyMetadata??=new WeakMap)'],
    ['(l.reactiveElementVersions??=[]).push', 'l.document&&(l.reactiveElementVersions??=[]).push'],
  ],
  'lit-html/node/lit-html.js': [
    ['(t.litHtmlVersions??=[]).push', 't.document&&(t.litHtmlVersions??=[]).push'],
  ],
  'lit-element/lit-element.js': [
    ['(s.litElementVersions??=[]).push', 's.document&&(s.litElementVersions??=[]).push'],
  ],
};
const quietLit = {
  name: 'quiet-lit',
  enforce: 'pre',
  transform(code, id) {
    if (!/\/(lit-html|lit-element|reactive-element)\//.test(id)) return undefined;
    const [, changes] = Object.entries(LIT).find(([name]) => id.endsWith(name)) ?? ['', []];
    let changed = code;
    for (const [from, to] of changes) {
      if (!changed.includes(from)) throw new Error(`lit has changed: ${id} has no ${from}`);
      changed = changed.replace(from, to);
    }
    return { code: changed, map: null };
  },
};

// The element. The client stays external, so that the app has only one, from the entry that fits it.
for (const name of await readdir(path('pkg/dist')))
  if (/^element.*\.c?js$/.test(name)) await rm(path(`pkg/dist/${name}`));
for (const [format, end] of [
  ['es', 'js'],
  // For Jest, which has no other modules.
  ['cjs', 'cjs'],
])
  await build({
    ...shared,
    plugins: [quietLit, ...shared.plugins],
    resolve: { conditions: ['node', 'import', 'module'] },
    build: {
      outDir: path('pkg/dist'),
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: { entry: path('www/element/index.js'), formats: [format] },
      rollupOptions: {
        external: ['realtimekit-moderator'],
        // The panels import what they share with the list from it, and not from a third file.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: `element.${end}`,
          // Vite does not minify a library's lines.
          minify: true,
          chunkFileNames: `element-[name].${end}`,
        },
      },
    },
  });

await writeNotices(bundled);

const all = await readdir(path('www/dist'), { recursive: true });
for (const name of all.filter((name) => COMPRESSED.test(name))) {
  const file = join(path('www/dist'), name);
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, brotliCompressSync(content, { params }));
  await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }));
}
