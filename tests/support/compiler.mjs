// The TypeScript compiler over the package's declarations and the official SDK's, as an app that
// has both sees them.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export { ts };
export const OURS = fileURLToPath(new URL('../../pkg/index.d.ts', import.meta.url));
const config = fileURLToPath(new URL('../types/tsconfig.json', import.meta.url));

/** A program of these files, with the settings of tests/types; `texts` replace files on disk. */
export function program(files, texts = {}) {
  const system = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { options } = ts.getParsedCommandLineOfConfigFile(config, {}, system);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, version, ...rest) =>
    file in texts
      ? ts.createSourceFile(file, texts[file], version)
      : read.call(host, file, version, ...rest);
  return ts.createProgram(files, options, host);
}

/** The exports of a file: symbols by name. */
export function exported(program, file) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return byName(checker.getExportsOfModule(module));
}

/** The exports of a symbol's namespace: symbols by name. */
export function within(program, symbol) {
  const target = resolved(program, symbol);
  if (!(target.flags & ts.SymbolFlags.Namespace)) return {};
  return byName(program.getTypeChecker().getExportsOfModule(target));
}

/** The symbol that an alias stands for; any other symbol itself. */
export function resolved(program, symbol) {
  return symbol.flags & ts.SymbolFlags.Alias
    ? program.getTypeChecker().getAliasedSymbol(symbol)
    : symbol;
}

/** The type a symbol declares. */
export function declared(program, symbol) {
  return program.getTypeChecker().getDeclaredTypeOfSymbol(resolved(program, symbol));
}

const byName = (symbols) => Object.fromEntries(symbols.map((symbol) => [symbol.name, symbol]));

function fail(diagnostic) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}
