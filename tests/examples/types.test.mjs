// The types of <rtk-moderator> in JSX and templates: what is right compiles, and each mistake is found, in React 18 and 19,
// Preact, Vue and Svelte. Without a framework the types compile, too.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A folder with these files and this package, and further packages by their places. */
function project(files, packages = {}) {
  mkdirSync(path('scratch'), { recursive: true });
  const folder = mkdtempSync(path('scratch/types-'));
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'realtimekit-moderator');
  cpSync(path('../node_modules/realtimekit-moderator'), installed, { recursive: true });
  for (const [name, place] of Object.entries(packages)) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(path(place), join(modules, name));
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const config = (options) =>
  JSON.stringify({
    compilerOptions: {
      ...{ target: 'es2022', module: 'esnext', moduleResolution: 'bundler', strict: true },
      ...{ lib: ['es2023', 'dom'], types: [], noEmit: true, skipLibCheck: true, ...options },
    },
    include: ['*'],
  });

/** The lines of a file in which a checker finds mistakes. */
function mistakes(folder, file, command, ...args) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [path(`node_modules/${command}`), ...args],
    {
      ...{ cwd: folder, encoding: 'utf8' },
    },
  );
  const all = stdout + stderr;
  const escaped = file.replace('.', '\\.');
  const lines = [...all.matchAll(new RegExp(`${escaped}[(:" ]+(\\d+)[,: ]`, 'g'))];
  return { all, lines: [...new Set(lines.map(([, line]) => Number(line)))].sort((a, b) => a - b) };
}

/** The lines of a text that are marked as mistakes. */
const marked = (text) =>
  text.split('\n').flatMap((line, at) => (line.includes('WRONG') ? [at + 1] : []));

const JSX = `import 'realtimekit-moderator/element';
import type { RtkModerator } from 'realtimekit-moderator/element';

let last: RtkModerator | null = null;
export const right = [
  <rtk-moderator gateway="/client/v4" grant="abc" />,
  <rtk-moderator gateway="/client/v4" getGrant={async () => 'abc'} signIn interval={3000} />,
  <rtk-moderator account-id="a" app-id="b" meeting-id="c" sign-in shortcuts="page" lang="de" />,
  <rtk-moderator accountId="a" appId="b" meetingId="c" roleLabels={{ host: 'Teacher' }} />,
  <rtk-moderator id="x" ref={(element: RtkModerator | null) => void (last = element)} />,
  <rtk-moderator onrtk-moderator-action={({ detail }) => detail.operation.toUpperCase()} />,
  <rtk-moderator onrtk-moderator-error={({ detail }) => detail.error.message} />,
];
export const wrong = [
  <rtk-moderator grant={5} />, // WRONG
  <rtk-moderator getGrant="abc" />, // WRONG
  <rtk-moderator shortcuts="everywhere" />, // WRONG
  <rtk-moderator app-id={1} />, // WRONG
  <rtk-moderator gatway="/client/v4" />, // WRONG
  <rtk-moderator onrtk-moderator-action={({ detail }) => detail.operatoin} />, // WRONG
];
export { last };
`;

const REACT = {
  19: {},
  18: {
    '@types/react': 'node_modules/types-react-18',
    react: 'node_modules/react-18',
  },
};
for (const [version, packages] of Object.entries(REACT)) {
  describe(`React ${version}`, () => {
    test('JSX', () => {
      const folder = project(
        { 'app.tsx': JSX, 'tsconfig.json': config({ jsx: 'react-jsx' }) },
        packages,
      );
      const { all, lines } = mistakes(folder, 'app.tsx', 'typescript/bin/tsc', '-p', '.');
      assert.deepEqual(lines, marked(JSX), all);
    });

    test('the component', () => {
      const code = `import { createRef } from 'react';
import type { RtkModerator as Element } from 'realtimekit-moderator/element';
import { RtkModerator, useModeratorGrant } from 'realtimekit-moderator/react';

const ref = createRef<Element>();
export function Right() {
  const getGrant = useModeratorGrant('/grant', { headers: { a: 'b' } });
  return (
    <RtkModerator
      ref={ref}
      gateway="/client/v4"
      getGrant={getGrant}
      className="wide"
      style={{ blockSize: 600 }}
      onAction={({ detail }) => detail.targets.map(({ name }) => name.length)}
      onSnapshot={({ detail }) => detail.participants.length}
      onOpen={(event) => event.preventDefault()}
      onError={({ detail }) => console.error(detail.error)}
    />
  );
}
export const wrong = [
  <RtkModerator gateway={5} />, // WRONG
  <RtkModerator onAction={({ detail }) => detail.target} />, // WRONG
  <RtkModerator onSnapshot="x" />, // WRONG
  <RtkModerator account-id="a" gatway="b" />, // WRONG
];
`;
      const folder = project(
        { 'app.tsx': code, 'tsconfig.json': config({ jsx: 'react-jsx' }) },
        packages,
      );
      const { all, lines } = mistakes(folder, 'app.tsx', 'typescript/bin/tsc', '-p', '.');
      assert.deepEqual(lines, marked(code), all);
    });
  });
}

for (const [version, packages] of Object.entries({
  11: {},
  10: { preact: 'node_modules/preact-10' },
}))
  test(`Preact ${version}`, () => {
    const options = { jsx: 'react-jsx', jsxImportSource: 'preact' };
    const folder = project({ 'app.tsx': JSX, 'tsconfig.json': config(options) }, packages);
    const { all, lines } = mistakes(folder, 'app.tsx', 'typescript/bin/tsc', '-p', '.');
    assert.deepEqual(lines, marked(JSX), all);
  });

test('without a framework, with every declaration checked', () => {
  const code = `import { RtkModerator } from 'realtimekit-moderator/element';
const element = document.createElement('rtk-moderator');
element.getGrant = () => 'abc';
element.grant = 'abc';
element.grant = null;
const grant: string | undefined = element.grant;
element.addEventListener('rtk-moderator-open', ({ detail }) => detail.meetingId?.length);
element.grant = 5; // WRONG
element.addEventListener('rtk-moderator-open', ({ detail }) => detail.meeting); // WRONG
export { RtkModerator, grant };
`;
  // Outside of this folder there is no framework.
  const folder = project({ 'app.ts': code, 'tsconfig.json': config({ skipLibCheck: false }) });
  const bare = mkdtempSync(join(tmpdir(), 'bare-'));
  try {
    cpSync(folder, bare, { recursive: true });
    const { all, lines } = mistakes(bare, 'app.ts', 'typescript/bin/tsc', '-p', '.');
    assert.deepEqual(lines, marked(code), all);
    assert.doesNotMatch(all, /node_modules/);
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
});

test('Vue', () => {
  const code = `<script setup lang="ts">
import 'realtimekit-moderator/element';
const getGrant = async () => 'abc';
</script>
<template>
  <rtk-moderator gateway="/client/v4" :getGrant="getGrant" sign-in />
  <rtk-moderator account-id="a" :interval="3000" @rtk-moderator-action="({ detail }) => detail.operation" />
  <rtk-moderator :grant="5" /> <!-- WRONG -->
  <rtk-moderator :shortcuts="'everywhere'" /> <!-- WRONG -->
  <rtk-moderator @rtk-moderator-action="({ detail }) => detail.operatoin" /> <!-- WRONG -->
</template>
`;
  const folder = project({ 'App.vue': code, 'tsconfig.json': config({ jsx: 'preserve' }) });
  const { all, lines } = mistakes(folder, 'App.vue', 'vue-tsc/bin/vue-tsc.js', '-p', '.');
  assert.deepEqual(lines, marked(code), all);
});

test('Svelte', () => {
  const code = `<script lang="ts">
  import 'realtimekit-moderator/element';
  const getGrant = async () => 'abc';
</script>

<rtk-moderator gateway="/client/v4" {getGrant} account-id="a" sign-in></rtk-moderator>
<rtk-moderator onrtk-moderator-action={({ detail }) => detail.operation}></rtk-moderator>
<rtk-moderator grant={5}></rtk-moderator> <!-- WRONG -->
<rtk-moderator shortcuts="everywhere"></rtk-moderator> <!-- WRONG -->
<rtk-moderator onrtk-moderator-action={({ detail }) => detail.operatoin}></rtk-moderator> <!-- WRONG -->
`;
  const folder = project({ 'App.svelte': code, 'tsconfig.json': config({}) });
  const args = ['--tsconfig', 'tsconfig.json', '--output', 'machine'];
  const { all, lines } = mistakes(folder, 'App.svelte', 'svelte-check/bin/svelte-check', ...args);
  assert.deepEqual(lines, marked(code), all);
});
