// Every Rust block of README and docs compiles with rustc for WebAssembly, without a warning, as part of
// a crate that depends on this one; and its public async function runs in Node against the emulator.
// Blocks of the example apps are exactly in their sources.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { ROOT, blocks, exampleOf, programs } from './support/documents.mjs';
import { startWorld } from './support/world.mjs';

const crate = `${ROOT}tests/docs/scratch/rust`;
const target = `${ROOT}target/docs-examples`;
const found = programs('rust');
const PATH = `${ROOT}.tools/bin:${process.env.PATH}`;

const MANIFEST = `
[package]
name = "examples"
version = "0.0.0"
edition = "2024"
[workspace]
[lib]
crate-type = ["cdylib"]
[dependencies]
futures-util = { version = "*", default-features = false, features = ["alloc"] }
js-sys = "*"
realtimekit-moderator = { path = ${JSON.stringify(ROOT)} }
wasm-bindgen = "*"
wasm-bindgen-futures = "*"
web-sys = { version = "*", features = ["console"] }
`;

/** A module of a block, and an export that calls its `pub async fn name(base_url, token)`. */
function wrapped(code, at) {
  const [, name] = /^pub async fn (\w+)\(/m.exec(code) ?? assert.fail('no pub async fn');
  return `mod example_${at} {\n${code}}
#[wasm_bindgen]
pub async fn run_${at}(base_url: String, token: String) -> Result<(), JsValue> {
    let done = example_${at}::${name}(&base_url, &token).await;
    done.map_err(|error| JsValue::from_str(&error.to_string()))
}
`;
}

function write(codes) {
  mkdirSync(`${crate}/src`, { recursive: true });
  writeFileSync(`${crate}/Cargo.toml`, MANIFEST);
  // The versions that the repository is locked to.
  copyFileSync(`${ROOT}Cargo.lock`, `${crate}/Cargo.lock`);
  const head = 'use wasm_bindgen::prelude::*;\n';
  writeFileSync(`${crate}/src/lib.rs`, head + codes.map(wrapped).join('\n'));
}

function build() {
  const flags = ['build', '--quiet', '--offline', '--target', 'wasm32-unknown-unknown'];
  return spawnSync('cargo', flags, {
    cwd: crate,
    encoding: 'utf8',
    env: { ...process.env, CARGO_TARGET_DIR: target, RUSTFLAGS: '-D warnings' },
  });
}

describe('Rust blocks', () => {
  assert.ok(found.length >= 1);
  const codes = found.map((program) => program.map(({ code }) => code).join('\n'));
  let examples;
  before(() => {
    rmSync(crate, { recursive: true, force: true });
    write(codes);
    const built = build();
    assert.equal(built.status, 0, built.stderr);
    const wasm = `${target}/wasm32-unknown-unknown/debug/examples.wasm`;
    const flags = ['--target', 'nodejs', '--out-dir', `${crate}/out`, wasm];
    execFileSync('wasm-bindgen', flags, { env: { ...process.env, PATH } });
    // The package around it is of another module type.
    writeFileSync(`${crate}/out/package.json`, '{"type":"commonjs"}');
    examples = createRequire(import.meta.url)(`${crate}/out/examples.js`);
  });

  for (const [at, program] of found.entries()) {
    test(program[0].id, async () => {
      const world = await startWorld({ gateway: true });
      try {
        await examples[`run_${at}`](world.gateway.base_url, world.grant());
        const sent = await world.emulator.requests();
        assert.ok(sent.length >= 1);
        for (const { status } of sent) assert.equal(Math.floor(status / 100), 2);
        await assert.rejects(
          async () => examples[`run_${at}`](world.gateway.base_url, 'wrong'),
          (error) => /The grant is not valid/.test(String(error)),
        );
      } finally {
        await world.stop();
      }
    });
  }

  const parts = blocks.filter(exampleOf);
  for (const block of parts) {
    test(`${block.id} is in ${exampleOf(block)}`, () => {
      assert.ok(readFileSync(ROOT + exampleOf(block), 'utf8').includes(block.code));
    });
  }
  assert.ok(parts.length >= 2);

  test('a mistake is found', () => {
    write([codes[0].replace('room.kick(', 'room.kick_people(')]);
    const built = build();
    write(codes);
    assert.notEqual(built.status, 0);
    assert.match(built.stderr, /kick_people/);
  });
});
