// Settings that are kept on the device, also where nothing can be stored. In Node, from the sources.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keysWanted, wantKeys } from '../../www/element/stored.js';

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
  assert.equal(keysWanted(), true);
  wantKeys(false);
  assert.equal(keysWanted(), false);
  full = true;
  wantKeys(true);
  assert.equal(keysWanted(), true);
  full = false;
  wantKeys(true);
  // Once stored, another tab may change it.
  kept.set('rtk-moderator:keys', 'off');
  assert.equal(keysWanted(), false);
});
