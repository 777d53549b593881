// Lists the crate's public items with their declarations, from rustdoc's pages. The toolchain is
// pinned, so the pages are the same everywhere.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.env.CARGO_TARGET_DIR ?? `${root}target`;
const folder = `${target}/doc/realtimekit_moderator/`;

const page = (name) => readFileSync(folder + name, 'utf8');

/** The text of a part of a page, on one line. */
function text(html) {
  return html
    .replace(/<summary.*?<\/summary>/gs, '')
    .replace(/<(?:br|div)\b[^>]*>/g, ' ')
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .replace(/\( (?=&|\w)/g, '(')
    .replaceAll(', )', ')')
    .trim();
}

/** A declaration with one line for each field and variant, so that a diff is small. */
function lined(declaration) {
  if (!/^(#\[.*\])?pub (struct|enum|trait) /.test(declaration)) return [declaration];
  let depth = 0;
  return declaration
    .replaceAll(']pub', ']\npub')
    .replace(/([{,]) (?=(?:pub )?\w+(?::|,| ?\(| \{| =))/g, '$1\n')
    .replaceAll(', }', ',\n}')
    .split('\n')
    .map((line) => {
      if (line.startsWith('}')) depth -= 1;
      const indented = '    '.repeat(depth) + line;
      if (line.endsWith('{')) depth += 1;
      return indented;
    });
}

/** The whole listing. */
export function crateSurface() {
  const made = spawnSync(
    'cargo',
    ['doc', '--quiet', '--no-deps', '--package', 'realtimekit-moderator'],
    // The same flags as in scripts/lint, so that cargo does not build twice.
    { cwd: root, stdio: 'inherit', env: { ...process.env, RUSTDOCFLAGS: '-D warnings' } },
  );
  if (made.status !== 0) throw new Error('cargo doc failed');

  const lines = [
    '# The public surface of the crate',
    '',
    '<!-- Written by scripts/surface.mjs, which `make lint` runs with --check. -->',
    '',
    'Every public item, as rustdoc declares it. What belongs to the crate by',
    '[semantic versioning](https://semver.org/) is here, and nothing else is.',
  ];
  const items = [...page('all.html').matchAll(/<li><a href="([^"]+\.html)">([^<]+)<\/a><\/li>/g)];
  if (!items.length)
    throw new Error('rustdoc writes its pages otherwise than this script reads them');
  for (const [, href, name] of items.sort(([, , a], [, , b]) => (a < b ? -1 : 1))) {
    const html = page(href);
    const declaration = html.match(/<pre class="rust item-decl"><code>(.*?)<\/code><\/pre>/s);
    lines.push('', `## ${name}`, '', '```rust');
    lines.push(...lined(text(declaration[1])));
    const methods = html.matchAll(
      /<section id="(?:method|tymethod|associatedconstant)\.[^"]+" class="(?:method|associatedconstant)">.*?<h4 class="code-header">(.*?)<\/h4>/gs,
    );
    for (const [, header] of methods) lines.push(text(header));
    const traits = [
      ...html.matchAll(
        /<section id="impl-[^"]+" class="impl">.*?<h3 class="code-header">(.*?)<\/h3>/gs,
      ),
    ]
      .map(([, header]) => text(header))
      .filter((header) => / for /.test(header) && !AUTOMATIC.test(header));
    lines.push(...traits.sort(), '```');
  }
  return `${lines.join('\n')}\n`;
}

/** Trait implementations that nearly every type has. */
const AUTOMATIC =
  /\b(Freeze|RefUnwindSafe|StructuralPartialEq|Unpin|UnsafeUnpin|UnwindSafe) for | for [A-Z](?: where|$)/;
