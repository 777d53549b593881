// The API description that the tests use: that of tests/spec, and the operations that it leaves out.

import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const read = (name) => parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

export function apiDescription() {
  const spec = read('../spec/realtimekit-moderation.openapi.yaml');
  Object.assign(spec.paths, read('sessions.openapi.yaml').paths);
  return spec;
}
