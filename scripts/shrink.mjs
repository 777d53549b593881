// Makes the wasm that wasm-bindgen made in pkg/dist/ small.
//   node scripts/shrink.mjs [--names]    keeps the functions' names, for twiggy and profilers
//
// What each step saves, in bytes after brotli, measured by leaving it out:
//
//   2,082  withoutPanics: std's panics become traps, and what formats their messages is dropped, with an executor that a table
//          names and nothing uses (114)
//     585  withoutPlaces: the texts of panics, and the source files they name, are blanked out in the data
//   2,860  wasm-opt; 830 of them by its options beyond -Oz
//   2,711  short names for imports and exports: 1,527 in the wasm, 1,184 in the bundled JavaScript
//
// std prints a message before a panic traps. The platform has nothing to print on, and nothing of ours panics; should it
// all the same, it ends in the same trap. wasm-opt has --traps-never-happen for this, but would also drop the checks
// that lead to a trap.

import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
/**
 * What only panics need: std's handling of them, and formatting, which nothing else may do. And js-sys's executor, which a
 * table names that nothing uses.
 */
const SERVANTS =
  /^(?!.*drop_in_place).*(\bfmt::|::fmt\b|PanicPayload|^std\[\w+\]::panicking::|panic_handler::|any::Any>)|js_sys::futures::/;
/** Each of these matches a function. If one does not, the names have changed. */
const ALWAYS = [
  /panicking::panic_fmt$/,
  /rust_begin_unwind$/,
  /raw_vec.*handle_error$/,
  /handle_alloc_error$/,
  /\bfmt::write$/,
  /PanicPayload/,
];

/** The messages of panics that are left in the data once nothing prints them, each in full. */
const WORDS = [
  'LazyCell instance has previously been poisoned',
  ') should be <= len (is ',
  'AccessError',
  'LayoutError',
  'RefCell already borrowed',
  'RefCell already mutably borrowed',
  'Tried to shrink to a larger capacity',
  '`async fn` resumed after completion',
  'called `Option::unwrap_throw()` on a `None` value',
  'called `Result::unwrap()` on an `Err` value',
  'cannot access a Thread Local Storage value during or after destruction: ',
  'capacity overflow',
  'closure invoked recursively or after being dropped',
  'insertion index (is ',
  'internal error: entered unreachable code',
  'reentrant init',
  'window size must be non-zero',
  // The digits with which numbers are formatted.
  Array.from({ length: 100 }, (_, number) => `${number}`.padStart(2, '0')).join(''),
];

/** The WebAssembly features that all supported platforms have. */
const FEATURES = [
  'bulk-memory',
  'bulk-memory-opt',
  'multivalue',
  'mutable-globals',
  'nontrapping-float-to-int',
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
      Features.SignExt,
  );
  const all = Array.from({ length: module.getNumFunctions() }, (_, at) =>
    binaryen.getFunctionInfo(module.getFunctionByIndex(at)),
  ).filter((one) => !one.module);
  // A function with such a name that returns is no panic.
  const ends = ({ body }) => binaryen.getExpressionType(body) === binaryen.unreachable;
  const cut = all.filter((one) => (PANICS.test(one.name) && ends(one)) || SERVANTS.test(one.name));
  for (const name of ALWAYS) {
    if (!cut.some((one) => name.test(one.name))) throw new Error(`nothing is called ${name}`);
  }
  // Calls through a table are not checked below, but they could only lead to functions of this crate.
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

/** Fails if anything that stays calls a formatting function, which would trap. */
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
 * Blanks out what panics would print: their messages, and the places they name. A place is a pointer
 * to the path of a source file, the path's length, a line and a column.
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
      for (let at = -1; (at = data.indexOf(words, at + 1)) >= 0;) {
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

/**
 * Lets `pkg/lib/wasm.js` start the glue with an instance that it has loaded itself, and gives it the functions of the module
 * as one object. (The glue's namespace would become an object of getters in a bundle.)
 */
function exportStart() {
  const functions = [...readFileSync(glueFile, 'utf8').matchAll(/^export function (\w+)/gm)];
  const names = functions.map(([, name]) => name);
  appendFileSync(
    glueFile,
    `export const functions = { ${names.join(', ')} };
export const imports = __wbg_get_imports();
export function start(instance) {
    __wbg_finalize_init(instance);
}
`,
  );
  appendFileSync(
    typesFile,
    `
export const functions: { ${names.map((name) => `${name}: typeof ${name}`).join(', ')} };
export const imports: WebAssembly.Imports;
export function start(instance: WebAssembly.Instance): void;
`,
  );
  rmSync(`${wasmFile}.d.ts`);
}

/** Gives the glue the short names that wasm-opt gave imports and exports; `report` is what it printed. */
function shortenGlue(report) {
  const { imports, exports } = JSON.parse(report);
  let glue = readFileSync(glueFile, 'utf8');
  for (const [module, name, short] of imports) {
    const key = new RegExp(`^(\\s+)${name}: function`, 'm');
    if (!key.test(glue)) throw new Error(`the glue lacks ${name} of ${module}`);
    glue = glue.replace(key, `$1${short}: function`);
  }
  const shortNames = new Map(exports.map(([name, short]) => [name, short]));
  glue = glue.replace(/\bwasm\.(\w+)/g, (whole, name) =>
    shortNames.has(name) ? `wasm.${shortNames.get(name)}` : whole,
  );
  const modules = [...new Set(imports.map(([module]) => module))];
  if (modules.length !== 1) throw new Error(`more modules than one: ${modules}`);
  const module = `"${modules[0]}": import0`;
  if (!glue.includes(module)) throw new Error(`the glue lacks ${module}`);
  writeFileSync(glueFile, glue.replace(module, `'${STUBS}': import0`));
  writeStubs(imports.map(([, , short]) => short));
}

/** What the wasm imports from. wasm-opt has called it `a`. */
const STUBS = './a.js';

/**
 * A file that the wasm seems to import from. A webpack rule that makes a module of every wasm file needs one, though the
 * package starts its own instance.
 */
function writeStubs(short) {
  const all = short.map((name) => `stub as ${name}`).join(', ');
  const head =
    '// Only for bundlers that take the wasm for a module of their own: nothing calls this.';
  writeFileSync(`${dist}a.js`, `${head}\nfunction stub() {}\nexport { ${all} };\n`);
}

/** The module with another name for the one that it imports from. */
function withModuleName(bytes, name) {
  const number = (from) => {
    let [value, at, byte] = [0, from, 0];
    do {
      byte = bytes[at];
      value |= (byte & 127) << (7 * (at - from));
      at += 1;
    } while (byte > 127);
    return [value >>> 0, at];
  };
  const leb = (value) => (value > 127 ? [(value & 127) | 128, ...leb(value >>> 7)] : [value]);
  // After the magic number and the version, each section has an ID and a size.
  for (let at = 8; at < bytes.length;) {
    const [id, [size, start]] = [bytes[at], number(at + 1)];
    if (id === 2) {
      const own = [name.length, ...Buffer.from(name)];
      let [count, from] = number(start);
      const section = [...leb(count)];
      for (; count > 0; count -= 1) {
        const [length, text] = number(from);
        const [field, rest] = number(text + length);
        const kind = rest + field;
        if (bytes[kind] !== 0) throw new Error('the wasm imports more than functions');
        const [, end] = number(kind + 1);
        section.push(...own, ...bytes.subarray(text + length, end));
        from = end;
      }
      const header = [id, ...leb(section.length)];
      const parts = [bytes.subarray(0, at), Buffer.from([...header, ...section])];
      return Buffer.concat([...parts, bytes.subarray(start + size)]);
    }
    at = start + size;
  }
  throw new Error('the wasm imports nothing');
}

writeFileSync(between, withoutPlaces(withoutPanics(readFileSync(wasmFile))));
const report = wasmOpt(
  // A round on the compiler's own structure, one on flat code, and one on what that has become.
  ...['-Oz', '--flatten', '--rereloop', '-Oz', '-Oz'],
  // Inlining functions of one caller makes code that brotli finds less alike in.
  ...['-ocimfs', '120'],
  // The first 1,024 bytes of memory are the far end of the stack.
  '--low-memory-unused',
  ...(names.length ? [] : ['--strip-debug']),
  ...['--strip-producers', '--strip-target-features'],
  '--minify-imports-and-exports-and-modules',
  ...[between, '-o', wasmFile],
);
rmSync(between);
writeFileSync(wasmFile, withModuleName(readFileSync(wasmFile), STUBS));
exportStart();
shortenGlue(report);

const wasm = readFileSync(wasmFile);
console.log(`wasm: ${wasm.length} bytes, ${brotliCompressSync(wasm).length} after brotli`);
