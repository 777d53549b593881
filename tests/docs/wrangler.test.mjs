// Configurations of wrangler, in docs and of the example app: its own schema knows every field.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import Ajv from 'ajv';
import ts from 'typescript';
import { ROOT, blocks } from './support/documents.mjs';

const SCHEMA = `${ROOT}gateway/workers/node_modules/wrangler/config-schema.json`;
const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
// Formats and keywords of editors mean nothing here.
const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

const example = 'examples/hono/wrangler.jsonc';
const found = blocks
  .filter(({ words }) => words.includes('file=wrangler.json'))
  .map(({ id, code }) => [id, code]);

describe("wrangler's schema accepts", () => {
  assert.ok(found.length >= 1);
  for (const [name, text] of [...found, [example, readFileSync(ROOT + example, 'utf8')]]) {
    test(name, () => {
      assert.ok(
        validate(ts.parseConfigFileTextToJson(name, text).config),
        JSON.stringify(validate.errors),
      );
    });
  }
});

test('it refuses an unknown field', () => {
  assert.equal(validate({ name: 'a', main: 'a.js', container: [] }), false);
});
