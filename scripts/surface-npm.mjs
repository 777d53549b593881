// Lists the npm package's exported names with their declarations, and the exports of each entry at run
// time.

import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import ts from 'typescript';

const root = new URL('..', import.meta.url);
const path = (name) => fileURLToPath(new URL(name, root));
const manifest = JSON.parse(readFileSync(path('pkg/package.json'), 'utf8'));

/** The declarations without comments, sorted by name. */
function declarations(file) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const printer = ts.createPrinter({ removeComments: true });
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  return exported
    .map((symbol) => {
      const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      if (symbol.name === 'default') return [symbol.name, `export default ${meant.name};`];
      const texts = symbol.declarations.map((declaration) => {
        return printer.printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile());
      });
      return [symbol.name, texts.join('\n')];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Every target in `exports`, as `[entry, conditions, file]`. */
function* targets(exports, entry, conditions = []) {
  if (typeof exports === 'string') yield [entry, conditions, exports];
  else {
    for (const [condition, inside] of Object.entries(exports ?? {})) {
      yield* targets(inside, entry, [...conditions, condition]);
    }
  }
}

/** The names that a module exports. It is parsed, with its re-exports, but not run. */
function names(file) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    allowJs: true,
    noLib: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  const symbol = checker.getSymbolAtLocation(program.getSourceFile(file));
  if (!symbol) return [];
  // A `@typedef` does not exist at run time.
  const named = (one) => (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one);
  return checker
    .getExportsOfModule(symbol)
    .filter((one) => named(one).flags & ts.SymbolFlags.Value)
    .map((one) => one.name);
}

/** The names that a CommonJS module exports, from running it in its own process. */
function required(file) {
  const script = `console.log(JSON.stringify(Object.keys(require(${JSON.stringify(file)}))))`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${file}: ${stderr}`);
  return JSON.parse(stdout);
}

const isTypes = (file) => /\.d\.[cm]?ts$/.test(file);

/** What the files of a minified bundle export to each other has one letter or two, and is no API. */
const isPublic = (name) => name.length > 2;

/** The whole listing. */
export async function npmSurface() {
  const lines = [
    '# The public surface of the npm package',
    '',
    '<!-- Written by scripts/surface.mjs, which `make lint` runs with --check. -->',
    '',
    'Every name the npm package exports. What belongs to it by',
    '[semantic versioning](https://semver.org/) is here, and nothing else is.',
    '',
    '## Entries',
    '',
    'What `package.json` leads to, and the names found there at run time.',
    '',
  ];
  const groups = new Map();
  const found = Object.entries(manifest.exports).flatMap(([entry, to]) => [...targets(to, entry)]);
  for (const [entry, conditions, file] of found) {
    const from = `realtimekit-moderator${entry.slice(1)}`;
    const way = `- \`${from}\`${conditions.length ? ` (${conditions.join(', ')})` : ''}: \`${file}\``;
    if (!/\.[cm]?js$/.test(file)) {
      lines.push(way);
      continue;
    }
    const all = (file.endsWith('.cjs') ? required : names)(path(`pkg/${file.slice(2)}`));
    const key = all.filter(isPublic).sort().join(', ');
    if (!groups.has(key)) groups.set(key, String.fromCharCode(65 + groups.size));
    lines.push(`${way}, names ${groups.get(key)}`);
  }
  for (const [all, name] of groups) lines.push('', `Names ${name}: ${all || 'none'}.`);
  // Several files may declare the same names. List each once.
  const said = new Map();
  const declaring = [manifest.types, ...found.map(([, , file]) => file).filter(isTypes)];
  for (const file of new Set(declaring)) {
    lines.push('', `## Declarations in ${file.slice(2)}`);
    let repeated = 0;
    for (const [name, text] of declarations(path(`pkg/${file.slice(2)}`))) {
      if (said.get(name) === text) repeated += 1;
      else {
        const pretty = await format(text, {
          parser: 'typescript',
          singleQuote: true,
          printWidth: 100,
        });
        lines.push('', `### ${name}`, '', '```ts', pretty.trimEnd(), '```');
      }
      said.set(name, text);
    }
    if (repeated) lines.push('', `${repeated} names are declared as above.`);
  }
  return `${lines.join('\n')}\n`;
}
