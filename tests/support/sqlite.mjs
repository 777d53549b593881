// Runs SQL on a database, which workerd may have open.

import { spawnSync } from 'node:child_process';
import { LIMIT } from './eventually.mjs';

/** What sqlite3 prints. `flags` are further ones, such as `-json`. */
export function sql(database, statement, ...flags) {
  // It waits while workerd has the database locked.
  const all = ['-cmd', `.timeout ${LIMIT}`, ...flags, database, statement];
  const run = spawnSync('sqlite3', all, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.error) throw run.error;
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
