// Prints the tables.

const figure = (value) =>
  typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 })
    : (value ?? '');

/** A table: its title, the columns' names, and rows of a name and figures. */
export function print(title, columns, rows, notes = []) {
  const cells = [
    ['', ...columns],
    ...rows.map(([name, ...values]) => [name, ...values.map(figure)]),
  ];
  const widths = cells[0].map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length)));
  console.log(`\n${title}`);
  for (const row of cells) {
    const line = row.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[0])));
    console.log(`  ${line.join('   ')}`);
  }
  for (const note of notes) console.log(`  ${note}`);
}

/** Rows of one figure each, beside its ratio to that of one of them (ours by default). */
export function ratios(apps, figures, to = 0) {
  return apps.map((app, at) => [app.name, figures[at], figures[to] / figures[at]]);
}

/** A target, and whether it is met. */
export function target(what, value, good, wanted) {
  return `${good ? 'met' : 'MISSED'}: ${what} ${figure(value)}, wanted ${wanted}`;
}
