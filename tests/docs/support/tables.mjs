// The tables of a document, as lists of cells.

import { readFileSync } from 'node:fs';
import { ROOT } from './documents.mjs';

/** The rows under a heading, or of the whole document: without their heads. */
export function rows(file, heading) {
  const text = readFileSync(ROOT + file, 'utf8');
  const sections = text.split(/^(?=#+ )/m);
  const part = heading ? sections.filter((one) => one.split('\n')[0].endsWith(heading)) : sections;
  if (part.length === 0) throw new Error(`${file} has no ${heading}`);
  return part.flatMap((section) => {
    const lines = section.split('\n').filter((line) => line.startsWith('|'));
    const isRule = (line) => /^\|( ---+ \|)+$/.test(line);
    return lines
      .filter((line, at) => !isRule(line) && !isRule(lines[at + 1] ?? ''))
      .map((line) =>
        line
          .slice(1, -1)
          .split(/(?<!\\)\|/)
          .map((cell) => cell.trim()),
      );
  });
}

/** The words in backticks of a cell. */
export const codes = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
