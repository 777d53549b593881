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
const SERVANTS =
  /^(?!.*drop_in_place).*(\bfmt::|::fmt\b|PanicPayload|^std\[\w+\]::panicking::|panic_handler::)/;
/** Of these there is always one; if not, they have other names than here. */
const ALWAYS = [
  /panicking::panic_fmt$/,
  /rust_begin_unwind$/,
  /raw_vec.*handle_error$/,
  /handle_alloc_error$/,
  /\bfmt::write$/,
  /PanicPayload/,
];

/** The words of panics that are left in the data once nothing says them, each in full. */
const WORDS = [
  'FnOnce called more than once',
  'LazyCell instance has previously been poisoned',
  'RefCell already borrowed',
  'RefCell already mutably borrowed',
  'Tried to shrink to a larger capacity',
  '`async fn` resumed after completion',
  'called `Option::unwrap_throw()` on a `None` value',
  'called `Result::unwrap_throw()` on an `Err` value',
  'capacity overflow',
  'closure invoked recursively or after being dropped',
  'finish: callbacks should be Some',
  'finish: result should be None',
  'internal error: entered unreachable code',
  'window size must be non-zero',
];

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
  const ends = ({ body }) => binaryen.getExpressionType(body) === binaryen.unreachable;
  const cut = all.filter((one) => (PANICS.test(one.name) && ends(one)) || SERVANTS.test(one.name));
  for (const name of ALWAYS) {
    if (!cut.some((one) => name.test(one.name))) throw new Error(`nothing is called ${name}`);
  }
  // A call through a table is not seen below; but what it would lead to has a name of ours.
  const own = cut.find(({ name }) => name.includes('realtimekit_moderator'));
  if (own) throw new Error(`${own.name} formats: write the text without`);
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
 * Blanks out what panics would tell in the data: their words, and the places they would name. A
 * place is a pointer to the path of a source file, the path's length, a line and a column.
 */
function withoutPlaces(bytes) {
  const module = binaryen.readBinary(bytes);
  const out = Buffer.from(bytes);
  let end = 0;
  const segments = Array.from({ length: module.getNumDataSegments() }, (_, at) => {
    const { offset, data } = module.getDataSegmentInfo(module.getDataSegmentByIndex(at));
    const start = out.indexOf(Buffer.from(data), end);
    if (start < 0) throw new Error('the data is not where it was');
    end = start + data.byteLength;
    return { offset, start, data: Buffer.from(data) };
  });
  /** The path that a place names, and where it lies in the file. */
  const named = (pointer, length) => {
    const there = ({ offset, data }) =>
      pointer >= offset && pointer + length <= offset + data.length && length > 3;
    const segment = segments.find(there);
    if (!segment) return undefined;
    const at = pointer - segment.offset;
    const path = segment.data.toString('latin1', at, at + length);
    return /^[\x20-\x7e]+\.rs$/.test(path) ? [segment.start + at, length] : undefined;
  };
  const blanks = [];
  for (const { start, data } of segments) {
    for (let word = 0; word + 16 <= data.length; word += 4) {
      const path = named(data.readUInt32LE(word), data.readUInt32LE(word + 4));
      if (path) blanks.push(path, [start + word, 16]);
    }
    for (const words of WORDS) {
      for (let at = -1; (at = data.indexOf(words, at + 1)) >= 0; ) {
        blanks.push([start + at, words.length]);
      }
    }
  }
  for (const [at, length] of blanks) out.fill(0, at, at + length);
  for (const { start, data } of segments) {
    const text = out.toString('latin1', start, start + data.length);
    const [left] = /[^\0]{0,40}\.rs\b/.exec(text) ?? [];
    if (left) throw new Error(`the data still names a source file: ${left}`);
  }
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

/**
 * What the glue does for platforms that lack something all of ours have, and for imports that the
 * wasm no longer has: its text, and what stands in its place.
 *
 * @type {[RegExp, string][]}
 */
const SPARE = [
  // `wasm.memory.buffer` is dear to ask for, and each number that crosses would ask. Memory that has
  // grown shows in the bytes, too.
  [
    /if \(cachedDataViewMemory0 === null \|\|[^{]+\{\s+cachedDataViewMemory0 = new DataView\(wasm\.memory\.buffer\);/,
    `const { buffer } = getUint8ArrayMemory0();
    if (cachedDataViewMemory0?.buffer !== buffer) {
        cachedDataViewMemory0 = new DataView(buffer);`,
  ],
  // Every call of it has a `realloc`.
  [/ {4}if \(realloc === undefined\) \{[^}]+\}\n/, ''],
  [/if \(!\('encodeInto' in cachedTextEncoder\)\) \{[^]+?\n\}\n/, ''],
  // For a fault of Safari's, after 2 GiB of texts: they are URLs here.
  [/ {4}numBytesDecoded \+=[^]+?\n {4}\}\n/, ''],
  [/const MAX_SAFARI_DECODE_BYTES = \d+;\nlet numBytesDecoded = 0;\n/, ''],
  // Only what panics throws it.
  [/ +__wbg___wbindgen_throw_\w+: function[^]+?\n {8}\},\n/, ''],
];

/** The glue without what is spare here. */
function withoutSpare(glue) {
  const rest = SPARE.reduce((rest, [spare, instead]) => {
    if (!spare.test(rest)) throw new Error(`the glue has changed: it lacks ${spare}`);
    return rest.replace(spare, instead);
  }, glue);
  // Numbers that are read in order, in case they are none.
  return rest.replace(/^export function [^]+?^\}/gm, (text) =>
    [...text.matchAll(/^ +const (val\d+) = \+(\w+);\n/gm)].reduce(
      (text, [line, value, name]) => text.replace(line, '').replace(value, name),
      text,
    ),
  );
}

/** Gives what passes between wasm and glue short names. */
function shorten() {
  const told = wasmOpt('--minify-imports-and-exports-and-modules', between, '-o', wasmFile);
  const { imports, exports } = JSON.parse(told);
  let glue = withoutSpare(withoutLoading());
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
  const module = `"${modules[0]}": import0`;
  if (!glue.includes(module)) throw new Error(`the glue lacks ${module}`);
  writeFileSync(glueFile, glue.replace(module, 'a: import0'));
}

writeFileSync(between, withoutPlaces(withoutPanics(readFileSync(wasmFile))));
// Functions of one caller each, put into it, make one that brotli finds less alike in. The first
// 1,024 bytes of memory are the far end of the stack.
const OPTIMIZED = ['-Oz', '--converge', '--low-memory-unused', '-ocimfs', '120'];
wasmOpt('--flatten', '--rereloop', ...OPTIMIZED, between, '-o', between);
wasmOpt(...OPTIMIZED, '--strip-producers', between, '-o', between);
if (!names.length) wasmOpt('--strip-debug', between, '-o', between);
wasmOpt('--strip-target-features', between, '-o', between);
shorten();
rmSync(between);

const wasm = readFileSync(wasmFile);
console.log(`wasm: ${wasm.length} bytes, ${brotliCompressSync(wasm).length} after brotli`);
