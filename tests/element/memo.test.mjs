// What is remembered between renders, in Node.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memo } from '../../www/element/model/memo.js';

test('a result is made again for other arguments, and for each first one by itself', () => {
  const made = [];
  const joined = memo((host, ...rest) => {
    made.push([host.name, ...rest].join());
    return made.at(-1);
  });
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  // Two elements on a page render by turns.
  for (let round = 0; round < 3; round += 1) {
    assert.equal(joined(one, 1), 'one,1');
    assert.equal(joined(other, 1), 'other,1');
  }
  assert.equal(joined(one, 2), 'one,2');
  assert.equal(joined(one, 1), 'one,1');
  assert.deepEqual(made, ['one,1', 'other,1', 'one,2', 'one,1']);
});
