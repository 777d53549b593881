// Builds the moderator page into www/dist/, its files named by what is in them and compressed beside
// themselves, and the element for the npm package into pkg/dist/.

import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { build } from 'vite';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const COMPRESSED = /\.(html|js|css|svg|wasm)$/;

/**
 * Line breaks and indents of templates are for who reads the sources: a blank says the same. Style
 * sheets, which have no holes, are minified whole.
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
  // The page's own: what is said to readers of it, and its indents.
  transformIndexHtml: (page) => page.replace(/\s*<!--[^]*?-->/g, '').replace(/\n\s+/g, '\n'),
};

/** A style sheet in a template, in fewer bytes. */
async function sheet(text) {
  const { code } = await transform(text, { loader: 'css', minify: true, charset: 'utf8' });
  // It goes back into a template, where an escape would be the template's.
  if (/[\\`]|\$\{/.test(text + code)) throw new Error(`a style sheet with an escape: ${code}`);
  return code.trim();
}

const shared = {
  plugins: [terse],
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  root: path('www'),
};

// The page, whole: the client's entry for Vite, which carries the wasm along.
await build({
  ...shared,
  base: './',
  resolve: { alias: { 'realtimekit-moderator': path('pkg/vite.js') } },
  build: {
    outDir: path('www/dist'),
    emptyOutDir: true,
    target: 'es2022',
    // Nothing inline: the page's policy allows none.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
  },
});

// The element: the client stays the app's own, so that there is one, of the entry that fits there.
await rm(path('pkg/dist/element.js'), { force: true });
await build({
  ...shared,
  // Lit as it is for both, a page and a server that only imports it.
  resolve: { conditions: ['node', 'import', 'module'] },
  build: {
    outDir: path('pkg/dist'),
    emptyOutDir: false,
    target: 'es2022',
    reportCompressedSize: false,
    lib: { entry: path('www/element/index.js'), formats: ['es'] },
    rollupOptions: {
      external: ['realtimekit-moderator'],
      output: {
        entryFileNames: 'element.js',
        // Vite would leave a library's lines as they are.
        minify: true,
        chunkFileNames: 'element-[name].js',
      },
    },
  },
});

const all = await readdir(path('www/dist'), { recursive: true });
for (const name of all.filter((name) => COMPRESSED.test(name))) {
  const file = join(path('www/dist'), name);
  const content = await readFile(file);
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  await writeFile(`${file}.br`, brotliCompressSync(content, { params }));
  await writeFile(`${file}.gz`, gzipSync(content, { level: 9 }));
}
