// Prints the tables, and keeps them for the results as JSON.

/** The tables since the last `taken`. */
let tables = [];

const figure = (value) =>
  typeof value === 'number'
    ? value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 })
    : (value ?? '');

/** Prints a table: its title, the columns' names, and rows of a name and figures. */
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
  tables.push({
    ...{ title, columns },
    rows: rows.map(([name, ...values]) => ({ name, values })),
    targets: notes.filter((note) => typeof note === 'object'),
    notes: notes.filter((note) => typeof note === 'string'),
  });
}

/** The tables that were printed since the last call. */
export function taken() {
  const printed = tables;
  tables = [];
  return printed;
}

/** Rows of one figure each, beside its ratio to that of one of them (ours by default). */
export function ratios(apps, figures, to = 0) {
  return apps.map((app, at) => [app.name, figures[at], figures[to] / figures[at]]);
}

/** A target, and whether it is met: a note of a table. */
export function target(what, value, good, wanted) {
  const text = `${good ? 'met' : 'MISSED'}: ${what} ${figure(value)}, wanted ${wanted}`;
  return { what, value, wanted, met: good, toString: () => text };
}
