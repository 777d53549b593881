// Settings that are kept on the device, also where nothing can be stored. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { enable, isEnabled } from '../../www/element/model/local-storage.js';
import { saveReason, savedReasons } from '../../www/element/model/saved-lists.js';

test('a setting that could not be stored overrides the stored one', (context) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage');
  context.after(() => {
    delete globalThis.localStorage;
    if (before) Object.defineProperty(globalThis, 'localStorage', before);
  });
  const kept = new Map();
  let full = false;
  const value = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => {
      if (full) throw new Error('full');
      kept.set(name, text);
    },
  };
  Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });
  assert.equal(isEnabled('keys'), true);
  enable('keys', false);
  assert.equal(isEnabled('keys'), false);
  full = true;
  enable('keys', true);
  assert.equal(isEnabled('keys'), true);
  full = false;
  enable('keys', true);
  // Once stored, another tab may change it.
  kept.set('rtk-moderator:keys', 'off');
  assert.equal(isEnabled('keys'), false);
});

test('the last reasons are remembered, the latest first, each once', () => {
  const kept = new Map();
  const value = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => kept.set(name, text),
  };
  Object.defineProperty(globalThis, 'localStorage', { value, configurable: true });
  for (let n = 0; n < 10; n += 1) saveReason(`reason ${n}`);
  saveReason('reason 5');
  assert.equal(savedReasons().length, 8);
  assert.deepEqual(savedReasons().slice(0, 2), ['reason 5', 'reason 9']);
  // Any code on this origin may have written it.
  localStorage.setItem('rtk-moderator:reasons', '[1, {}, "good"]');
  assert.deepEqual(savedReasons(), ['good']);
  localStorage.setItem('rtk-moderator:reasons', '{');
  assert.deepEqual(savedReasons(), []);
});
