// Makes the wasm that wasm-bindgen made in pkg/dist/ small: takes out what only a panic needs,
// optimizes, and gives imports and exports short names, in the wasm and in its glue.
//   node scripts/shrink.mjs [--names]    keeps the functions' names, for twiggy and profilers
//
// A panic of std prints a message: the code that writes it, and the places and words it names,
// would be a quarter of the wasm, on a platform that has nothing to print on. Nothing of ours
// panics; should it all the same, it ends in a trap, as it would have after printing.

import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import binaryen from 'binaryen';

const dist = fileURLToPath(new URL('../pkg/dist/', import.meta.url));
const wasmFile = `${dist}realtimekit_moderator_bg.wasm`;
const glueFile = `${dist}realtimekit_moderator.js`;
const typesFile = `${dist}realtimekit_moderator.d.ts`;
const between = `${dist}between.wasm`;

/** What ends in a panic, whatever it is called with. */
const PANICS =
  /\b(panicking|rust_begin_unwind|handle_alloc_error|rust_oom|__rust_alloc_error_handler)\b|\b(slice|str)::.*_fail|(unwrap|expect)_failed|panic_(already|poisoned)|raw_vec.*::handle_error|wasm_bindgen::(throw_str|__rt::throw_null)|sys::backtrace/;
/** What serves only them: std's handling of a panic, and formatting, which nobody else may do. */
const SERVANTS = /\bfmt::|::fmt\b|PanicPayload|^std\[\w+\]::panicking::|panic_handler::/;

/** The words of panics that are left in the data once nothing says them. */
const WORDS =
  /called `\w+::\w+\(\)` on an? `\w+` value|(?:closure invoked recursively|`async fn` resumed|Tried to shrink|LazyCell instance|RefCell already)[\w ]+|FnOnce called more than once|finish: \w+ should be \w+|window size must be non-zero|internal error: entered unreachable code|capacity overflow/g;

/** What the platforms that load the package all have. */
const FEATURES = [
  'bulk-memory',
  'bulk-memory-opt',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
  'reference-types',
  'sign-ext',
];
const { Features } = binaryen;

const names = process.argv.includes('--names') ? ['-g'] : [];
const wasmOpt = (...args) =>
  execFileSync('wasm-opt', [...FEATURES.map((one) => `--enable-${one}`), ...names, ...args], {
    encoding: 'utf8',
  });

/** Puts traps in place of panics and of what formats their messages. */
function withoutPanics(bytes) {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(
    Features.BulkMemory |
      Features.BulkMemoryOpt |
      Features.Multivalue |
      Features.MutableGlobals |
      Features.NontrappingFPToInt |
      Features.ReferenceTypes |
      Features.SignExt,
  );
  const all = Array.from({ length: module.getNumFunctions() }, (_, at) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(at)),
  ).filter((one) => !one.module);
  // What is called a panic but returns is none.
  const ends = ({ body }) => binaryen.getExpressionInfo(body).type === binaryen.unreachable;
  const cut = all.filter((one) => (PANICS.test(one.name) && ends(one)) || SERVANTS.test(one.name));
  if (cut.length < 10) throw new Error('the wasm has lost its names, or std its panics');
  refuseFormatting(module, new Set(cut.map(({ name }) => name)));
  for (const { name, params, results } of cut) {
    module.removeFunction(name);
    module.addFunction(name, params, results, [], module.unreachable());
  }
  binaryen.setDebugInfo(true);
  return module.emitBinary();
}

/** Fails if anything that stays calls what formats: it would trap, and it has no place here. */
function refuseFormatting(module, cut) {
  for (const text of module.emitText().split(/\n (?=\(func )/)) {
    const [, quoted, plain] = /^\(func \$(?:"([^"]*)"|(\S+))/.exec(text) ?? [];
    const name = quoted ?? plain;
    if (name === undefined || cut.has(name)) continue;
    for (const [, quoted, plain] of text.matchAll(/\(call \$(?:"([^"]*)"|([^\s()]+))/g)) {
      const callee = quoted ?? plain;
      if (cut.has(callee) && SERVANTS.test(callee)) {
        throw new Error(`${name} formats, by ${callee}: write the text without`);
      }
    }
  }
}

/**
 * Blanks out what panics would tell in the data: their words, the names of source files, and the
 * places in them: a pointer to such a name, its length, a line and a column.
 */
function withoutPlaces(bytes) {
  const module = binaryen.readBinary(bytes);
  const out = Buffer.from(bytes);
  const segments = Array.from({ length: module.getNumDataSegments() }, (_, at) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(at));
    return { offset, data: Buffer.from(data) };
  });
  const files = new Map();
  const found = segments.map(({ offset, data }) => {
    const at = out.indexOf(data);
    const text = data.toString('latin1');
    const blank = ({ index, 0: words }) => out.fill(0, at + index, at + index + words.length);
    for (const match of text.matchAll(/(?:\/[\w.@-]+)+\.rs|src\/[\w/]+\.rs/g)) {
      files.set(offset + match.index, match[0].length);
      blank(match);
    }
    for (const match of text.matchAll(WORDS)) blank(match);
    return at;
  });
  segments.forEach(({ data }, n) => {
    for (let word = 0; word + 16 <= data.length; word += 4) {
      const [pointer, length] = [data.readUInt32LE(word), data.readUInt32LE(word + 4)];
      if (length && files.get(pointer) === length) {
        out.fill(0, found[n] + word, found[n] + word + 16);
      }
    }
  });
  return out;
}

/** What of a text comes before `mark`. */
function before(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`the glue has changed: it lacks ${mark}`);
  return text.slice(0, at);
}

/** Puts `start` of an instance in place of the glue's own loading: `pkg/lib/wasm.js` loads. */
function withoutLoading() {
  const types = readFileSync(typesFile, 'utf8');
  writeFileSync(
    typesFile,
    `${before(types, 'export type InitInput')}
export const imports: WebAssembly.Imports;
export function start(instance: WebAssembly.Instance): void;
`,
  );
  rmSync(`${wasmFile}.d.ts`);
  return `${before(readFileSync(glueFile, 'utf8'), 'let wasmModule, wasmInstance, wasm;')}let wasm;
export const imports = __wbg_get_imports();
export function start(instance) {
    wasm = instance.exports;
    wasm.__wbindgen_start();
}
`;
}

/** Gives what passes between wasm and glue short names. */
function shorten() {
  const told = wasmOpt('--minify-imports-and-exports-and-modules', between, '-o', wasmFile);
  const { imports, exports } = JSON.parse(told);
  let glue = withoutLoading();
  for (const [module, name, short] of imports) {
    const key = new RegExp(`^(\\s+)${name}: function`, 'm');
    if (!key.test(glue)) throw new Error(`the glue lacks ${name} of ${module}`);
    glue = glue.replace(key, `$1${short}: function`);
  }
  const longs = new Map(exports.map(([name, short]) => [name, short]));
  glue = glue.replace(/\bwasm\.(\w+)/g, (whole, name) =>
    longs.has(name) ? `wasm.${longs.get(name)}` : whole,
  );
  const modules = [...new Set(imports.map(([module]) => module))];
  if (modules.length !== 1) throw new Error(`more modules than one: ${modules}`);
  writeFileSync(glueFile, glue.replace(`"${modules[0]}": import0`, 'a: import0'));
}

writeFileSync(between, withoutPlaces(withoutPanics(readFileSync(wasmFile))));
// Functions of one caller each, put into it, make one that brotli finds less alike in. The first
// 1,024 bytes of memory are the far end of the stack.
const OPTIMIZED = ['-Oz', '--converge', '--low-memory-unused', '-ocimfs', '60'];
wasmOpt('--flatten', '--rereloop', ...OPTIMIZED, between, '-o', between);
wasmOpt(...OPTIMIZED, '--strip-producers', between, '-o', between);
if (!names.length) wasmOpt('--strip-debug', between, '-o', between);
wasmOpt('--strip-target-features', between, '-o', between);
shorten();
rmSync(between);

const wasm = readFileSync(wasmFile);
console.log(`wasm: ${wasm.length} bytes, ${brotliCompressSync(wasm).length} after brotli`);
