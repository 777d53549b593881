// `make docs`: one site of the documents, the TypeScript reference (TypeDoc) and the Rust reference
// (rustdoc) into site/, with one search over all of it. It works from the disk, without a network
// connection: open site/index.html. A warning, such as a link that leads nowhere, is a failure.

import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  Application,
  Comment,
  CommentTag,
  Converter,
  DocumentReflection,
  KindRouter,
  ReflectionKind,
  TSConfigReader,
} from 'typedoc';
import { TOP, writePages } from './pages.mjs';
import { rustItems } from './rust-items.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = `${root}site`;
const pagesFolder = `${root}.site`;
const RUST = 'rust/realtimekit_moderator';

/** How much more a document counts in the search than a declaration with the same words. */
const GUIDE_BOOST = 8;

/** The names of the package's entries, by file. */
const ENTRIES = {
  index: 'realtimekit-moderator',
  element: 'realtimekit-moderator/element',
  slim: 'realtimekit-moderator/slim',
};

/** Puts items of the Rust reference into navigation and search, with links to rustdoc's pages. */
class Router extends KindRouter {
  buildPages(project) {
    const pages = super.buildPages(project);
    const isRust = ({ model }) => model.frontmatter?.rust !== undefined;
    for (const { model } of pages.filter(isRust)) this.fullUrls.set(model, model.frontmatter.rust);
    return pages.filter((page) => !isRust(page));
  }
}

function buildRust() {
  const flags = ['doc', '--quiet', '--no-deps', '--lib', '-p', 'realtimekit-moderator'];
  // In a folder of its own: another one may hold other crates' pages.
  const target = `${root}target/site`;
  const env = { ...process.env, CARGO_TARGET_DIR: target, RUSTDOCFLAGS: '-D warnings' };
  execFileSync('cargo', flags, { cwd: root, env, stdio: 'inherit' });
  return `${target}/doc`;
}

function documents() {
  const names = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' });
  const docs = names.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`);
  return ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docs];
}

/** Adds the Rust reference, as a document with one below it for each item. */
function addRust(project, items) {
  const add = (name, parent, rust, text, group) => {
    const content = [{ kind: 'text', text }];
    const document = new DocumentReflection(name, parent, content, { rust, group });
    project.registerReflection(document, undefined, undefined);
    return document;
  };
  const top = add('Rust crate', project, `${RUST}/index.html`, 'The Rust reference.', 'Rust');
  project.addChild(top);
  for (const { path, kind, file, summary } of items) {
    top.addChild(add(`${path} (Rust ${kind})`, top, `${RUST}/${file}`, summary));
  }
}

/** Makes the links to the top of the site relative, so that it works from the disk. */
function relink() {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.html'))) {
    const html = readFileSync(`${out}/${name}`, 'utf8');
    const up = '../'.repeat(name.split('/').length - 1);
    writeFileSync(`${out}/${name}`, html.replaceAll(TOP, up));
  }
}

rmSync(out, { recursive: true, force: true });
rmSync(pagesFolder, { recursive: true, force: true });
const rustdoc = buildRust();
const { start, pages } = writePages(root, pagesFolder, documents(), `${RUST}/index.html`);

const app = await Application.bootstrap(
  {
    name: 'realtimekit-moderator',
    entryPoints: Object.keys(ENTRIES).map((name) => `${root}pkg/${name}.d.ts`),
    tsconfig: `${root}scripts/site/tsconfig.json`,
    readme: start,
    projectDocuments: pages,
    out,
    router: 'with-rust',
    searchInDocuments: true,
    searchInComments: true,
    navigation: { includeGroups: true },
    sort: ['source-order'],
    groupOrder: ['Guides', 'Reference', 'TypeScript', 'Rust', 'Inside', 'Project', '*'],
    highlightLanguages: [
      ...['typescript', 'javascript', 'html', 'css', 'rust', 'toml', 'json', 'diff', 'sh', 'text'],
      ...['tsx', 'vue', 'svelte', 'yaml'],
    ],
    customCss: `${root}scripts/site/style.css`,
    disableSources: true,
    disableGit: true,
    hideGenerator: true,
    treatWarningsAsErrors: true,
    validation: { invalidLink: true, invalidPath: true, notExported: false },
  },
  [new TSConfigReader()],
);
app.renderer.defineRouter('with-rust', Router);
// Before everything is put into groups.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
    module.name = ENTRIES[module.name] ?? module.name;
    module.comment ??= new Comment();
    const group = new CommentTag('@group', [{ kind: 'text', text: 'TypeScript' }]);
    module.comment.blockTags.push(group);
  }
  addRust(project, rustItems(`${rustdoc}/realtimekit_moderator`));
});
const project = await app.convert();
if (!project) process.exit(1);
// A guide answers a search better than each declaration that mentions its words.
for (const document of project.documents ?? []) {
  if (document.frontmatter.rust === undefined) document.relevanceBoost = GUIDE_BOOST;
}
app.validate(project);
await app.generateDocs(project, out);
relink();
cpSync(rustdoc, `${out}/rust`, { recursive: true });
// rustdoc's own pages link to a start page, which only docs.rs makes.
const toCrate = '<!doctype html><title>Rust</title><meta http-equiv="refresh" content="0;';
writeFileSync(`${out}/rust/index.html`, `${toCrate}url=realtimekit_moderator/index.html" />\n`);
rmSync(pagesFolder, { recursive: true, force: true });
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
