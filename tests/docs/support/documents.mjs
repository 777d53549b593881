// The documents of the project and their code blocks. After the language, the info string of a fence has
// words for the tests:
//
//   continued       runs after the block before it of the same language, in one program
//   page            runs in a page, in Chromium, not in Node
//   output          the text that the block before it prints
//   emulator        runs with URL, APP_ID and so on of an emulator
//   gateway         runs with GATEWAY, GRANT and so on of a gateway
//   file=NAME       is a file beside the shell blocks of its document
//   example=FILE    is a part of an example app, which has a test of its own
//   unrun: REASON   is neither compiled nor run

import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Written by scripts/surface.mjs, which lint compares: declarations, not examples. */
const GENERATED = ['docs/api-surface.md', 'docs/api-surface-rust.md'];

const TOP = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];

/** Every document, by its path in the repository. */
export const documents = [...TOP, ...markdown('docs')].sort();

/** @typedef {{ file: string, line: number, language: string, words: string[], unrun?: string, code: string, id: string }} Block */

/** @type {Block[]} */
export const blocks = documents
  .filter((file) => !GENERATED.includes(file))
  .flatMap((file) => parse(file, readFileSync(ROOT + file, 'utf8')));

/** The blocks of some languages that run, as programs: a block, and the blocks that continue it. */
export function programs(...languages) {
  /** @type {Block[][]} */
  const found = [];
  for (const block of blocks) {
    if (!languages.includes(block.language) || block.unrun || exampleOf(block)) continue;
    if (!block.words.includes('continued')) found.push([block]);
    else if (found.at(-1)?.[0].file === block.file) found.at(-1).push(block);
    else throw new Error(`${block.id} continues nothing`);
  }
  return found;
}

/** The file that a block is a part of, if it is one of an example app. */
export function exampleOf({ words }) {
  return words.find((word) => word.startsWith('example='))?.slice('example='.length);
}

/** The text that a program should print, by the `output` block after its last block. */
export function output(program) {
  const next = blocks[blocks.indexOf(program.at(-1)) + 1];
  const is = next?.file === program[0].file && next.words.includes('output');
  return is ? next.code : undefined;
}

/** The code blocks of a Markdown text. */
export function parse(file, text) {
  const found = [];
  let open;
  for (const [at, line] of text.split('\n').entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open && fence?.[2].trim() === '') {
      const code = open.lines.map((one) => one.slice(open.indent)).join('\n');
      found.push({ ...open.block, code: `${code}\n` });
      open = undefined;
    } else if (open) {
      open.lines.push(line);
    } else if (fence) {
      const [info, unrun] = fence[2].split(/\bunrun: */);
      const [language = '', ...words] = info.trim().split(/\s+/);
      const id = `${file}:${at + 1}`;
      open = {
        indent: fence[1].length,
        lines: [],
        block: { file, line: at + 1, language, words, unrun, id },
      };
    }
  }
  if (open) throw new Error(`${open.block.id} does not end`);
  return found;
}

function markdown(folder) {
  const names = readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}
