// Compiles the TypeScript blocks as an app would that has the packed package: strictly.

import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const folder = fileURLToPath(new URL('../', import.meta.url));

/** @type {import('typescript').CompilerOptions} */
const options = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
  types: ['node'],
  typeRoots: [fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))],
  strict: true,
  noUncheckedIndexedAccess: false,
  noEmit: true,
  skipLibCheck: true,
};

/**
 * The compiler errors of programs, by name. Each program is a module of its own.
 *
 * @param {Record<string, string>} programs
 * @returns {Record<string, string[]>}
 */
export function compile(programs) {
  const names = Object.keys(programs);
  const files = new Map(names.map((name, at) => [`${folder}example-${at}.ts`, programs[name]]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => files.has(file) || fileExists.call(host, file);
  host.readFile = (file) => files.get(file) ?? readFile.call(host, file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = files.get(file);
    return text === undefined
      ? getSourceFile.call(host, file, version, ...rest)
      : ts.createSourceFile(file, text, version, true);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const paths = [...files.keys()];
  return Object.fromEntries(
    names.map((name, at) => {
      const file = program.getSourceFile(paths[at]);
      const found = ts.getPreEmitDiagnostics(program, file);
      return [name, found.map((one) => message(one, file))];
    }),
  );
}

function message({ start = 0, messageText }, file) {
  const { line } = file.getLineAndCharacterOfPosition(start);
  return `line ${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

/** A module as JavaScript. */
export function toJavaScript(code) {
  const compilerOptions = { target: options.target, module: ts.ModuleKind.ESNext };
  return ts.transpileModule(code, { compilerOptions }).outputText;
}
