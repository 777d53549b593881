// Builds the other files of pkg/dist/: the wasm module as JavaScript, the package as CommonJS, and the
// types for `require`.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (name) => fileURLToPath(new URL(`../pkg/${name}`, import.meta.url));

const wasm = await readFile(path('dist/realtimekit_moderator_bg.wasm'), 'base64');
await writeFile(path('dist/inline.js'), `export default '${wasm}';\n`);
await writeFile(path('dist/inline.cjs'), `module.exports = '${wasm}';\n`);

// Jest hides Node's own in jsdom.
const DECODER = `var { TextDecoder, TextEncoder } =
  typeof globalThis.TextDecoder === 'function'
    ? globalThis
    : (globalThis.process?.getBuiltinModule?.('util') ?? {});
if (!TextDecoder) throw new Error('realtimekit-moderator needs TextDecoder and TextEncoder');
`;

// One file. A CommonJS folder inside an ES module package would need a package.json of its own.
await build({
  entryPoints: [path('lib/cjs-entry.js')],
  outfile: path('dist/api.cjs'),
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  target: 'node20',
  // Its sources are checked.
  banner: { js: `// @ts-nocheck\n${DECODER}` },
  logLevel: 'warning',
});

for (const name of ['grant', 'react'])
  await build({
    entryPoints: [path(`${name}.js`)],
    outfile: path(`dist/${name}.cjs`),
    format: 'cjs',
    platform: 'neutral',
    target: 'node20',
    banner: { js: '// @ts-nocheck' },
    logLevel: 'warning',
  });

for (const name of ['index', 'slim', 'grant', 'element', 'element-frameworks', 'react']) {
  const types = await readFile(path(`${name}.d.ts`), 'utf8');
  const own = types.replace(/'\.\/(index|element|element-frameworks)\.js'/g, "'./$1.cjs'");
  await writeFile(path(`dist/${name}.d.cts`), own);
}
