// Every TypeScript block of README and docs compiles strictly, and runs as it is printed: in Node,
// against the emulator. (html.test.mjs runs those that are for a page.) Only addresses and secrets
// come from outside: from the environment, and by sending the example host to a gateway.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { output, programs } from './support/documents.mjs';
import { runExample } from './support/run-example.mjs';
import { compile } from './support/typescript.mjs';
import { EXAMPLE_HOST, startWorld } from './support/world.mjs';

const found = programs('ts', 'js');
const source = (program) => program.map(({ code }) => code).join('\n');
const name = (program) => program[0].id;

describe('TypeScript blocks compile', () => {
  const errors = compile(Object.fromEntries(found.map((one) => [name(one), source(one)])));
  for (const program of found) {
    test(name(program), () => assert.deepEqual(errors[name(program)], []));
  }

  test('a mistake is found', () => {
    const code = "import Cloudflare from 'realtimekit-moderator';\nnew Cloudflare({ token: 1 });\n";
    const { wrong } = compile({ wrong: code });
    assert.match(wrong[0], /^line 2: .*'token'/);
  });
});

describe('TypeScript blocks run', () => {
  for (const program of found.filter(([{ words }]) => !words.includes('page'))) {
    test(name(program), async () => {
      const code = source(program);
      const world = await startWorld({ gateway: code.includes(EXAMPLE_HOST) });
      try {
        // A loop over `watch()` goes on until the session ends.
        const onLine = () => world.emulator.control('POST', 'end-session', {});
        const ran = await runExample(code, world, code.includes('.watch(') ? { onLine } : {});
        assert.equal(ran.code, 0, ran.err);
        assert.equal(ran.err, '');
        const expected = output(program);
        if (expected !== undefined) assert.equal(ran.out, expected);
      } finally {
        await world.stop();
      }
    });
  }
});
