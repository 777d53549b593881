// The TypeScript compiler over the package's declarations and the official SDK's, as an app that
// has both sees them.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export { ts };
export const OURS = fileURLToPath(new URL('../../pkg/index.d.ts', import.meta.url));
const config = fileURLToPath(new URL('../types/tsconfig.json', import.meta.url));

/** A program of these files, with the settings of tests/types; `texts` stand in for the disk's. */
export function program(files, texts = {}) {
  const told = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail };
  const { options } = ts.getParsedCommandLineOfConfigFile(config, {}, told);
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (file, version, ...rest) =>
    file in texts
      ? ts.createSourceFile(file, texts[file], version)
      : read.call(host, file, version, ...rest);
  return ts.createProgram(files, options, host);
}

/** What a file of a program exports: symbols by name. */
export function exported(program, file) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  return byName(checker.getExportsOfModule(module));
}

/** What a symbol's namespace exports: symbols by name. */
export function within(program, symbol) {
  const meant = resolved(program, symbol);
  if (!(meant.flags & ts.SymbolFlags.Namespace)) return {};
  return byName(program.getTypeChecker().getExportsOfModule(meant));
}

/** The symbol itself, where it is another's second name. */
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
