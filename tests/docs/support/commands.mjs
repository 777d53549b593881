// Replacements for commands in the documents that would download, build or run forever. Each is a script
// on PATH that does the nearest honest thing. All other commands are the real ones.
//
//   npm install NAME       installs the packed tarball in an app of its own, without a registry
//   npm install --save-dev NAME    checks that scripts/pack has installed it
//   npx realtimekit-…      the built binaries, as below; the demo as `make demo`
//   cargo add NAME         adds this folder's crate to a crate of its own, without a registry
//   cargo run -p NAME      runs the built binary of this name
//   cargo build -p NAME    checks that there is such a package, and a built binary of it
//   make demo              checks the target; runs the demo until it has printed its address
//   make TARGET            checks that there is such a target
//   systemctl … UNIT       checks that gateway/deploy has the unit; it touches no service
//   docker, apt-get, sudo  refuse: a block with them must be `unrun`
//   realtimekit-gateway, realtimekit-emulator    the built binaries. Servers end when they are ready

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './documents.mjs';

const built = (name) => process.env[name] ?? '';
const EMULATOR = built('EMULATOR') || `${ROOT}target/release/realtimekit-emulator`;
const GATEWAY = built('GATEWAY_BINARY') || `${ROOT}target/release/realtimekit-gateway`;

const COMMANDS = {
  'realtimekit-emulator': `exec ${EMULATOR} --until-stdin-closes "$@" </dev/null`,
  'realtimekit-gateway': `
case "$1" in
  serve) exec ${GATEWAY} "$@" --until-stdin-closes </dev/null ;;
  *) exec ${GATEWAY} "$@" ;;
esac`,
  npx: `
case "$1 $2" in
  "realtimekit-moderator demo") exec make demo ;;
  "realtimekit-gateway "* | "realtimekit-emulator "*) exec "$@" ;;
  *) echo "npx $*: not known to the test" >&2; exit 1 ;;
esac`,
  npm: `
if [ "$1 $2" = "install --save-dev" ]; then
  [ "$#" = 3 ] && exec test -f ${ROOT}tests/node_modules/"$3"/package.json
fi
[ "$1 $#" = "install 2" ] || { echo "npm $*: only 'npm install NAME'" >&2; exit 1; }
app=$(mktemp -d); cd "$app"; echo '{"private":true}' >package.json
tarball=$(echo ${ROOT}tests/.scratch/$2-*.tgz)
env PATH="$REAL_PATH" npm install --offline --no-audit --no-fund --loglevel=error "$tarball"
env PATH="$REAL_PATH" node --input-type=module -e "await import('$2')"
rm -rf "$app"`,
  cargo: `
case "$1 $2" in
  "run -p") name=$3; shift 4; exec "$name" "$@" ;;
  "build --release")
    [ "$3" = -p ] && grep -qx "name = \\"$4\\"" ${ROOT}*/Cargo.toml && [ -x ${ROOT}target/release/$4 ] ;;
  "add "*)
    crate=$(mktemp -d)
    env PATH="$REAL_PATH" cargo init --quiet --vcs none --name app "$crate"
    env PATH="$REAL_PATH" cargo add --quiet --offline --path ${ROOT} --manifest-path "$crate/Cargo.toml" "$2"
    rm -rf "$crate" ;;
  *) echo "cargo $*: not known to the test" >&2; exit 1 ;;
esac`,
  systemctl: `
for word in "$@"; do
  case "$word" in
    -* | daemon-reload | enable | restart | reload | start | stop | status) ;;
    *.*) [ -f ${ROOT}gateway/deploy/"$word" ] || { echo "no unit $word" >&2; exit 1; } ;;
    *) [ -f ${ROOT}gateway/deploy/"$word".service ] || { echo "no unit $word" >&2; exit 1; } ;;
  esac
done`,
  ...Object.fromEntries(
    ['docker', 'apt-get', 'sudo'].map((name) => [
      name,
      `echo "the test does not run ${name}: mark the block with \\"unrun: REASON\\"" >&2; exit 1`,
    ]),
  ),
  make: `
env PATH="$REAL_PATH" make -s -n -C ${ROOT} "$1" >/dev/null
[ "$1" != demo ] || exec env PATH="$REAL_PATH" node ${ROOT}tests/docs/support/run-demo.mjs`,
};

/** Makes a folder with the commands; gives its path. */
export function commands(folder) {
  const bin = join(folder, 'bin');
  // A reader's builds are in target/release of the clone.
  const release = join(folder, 'target/release');
  mkdirSync(bin, { recursive: true });
  mkdirSync(release, { recursive: true });
  for (const [name, script] of Object.entries(COMMANDS)) {
    for (const place of name.startsWith('realtimekit-') ? [bin, release] : [bin]) {
      writeFileSync(join(place, name), `#!/bin/sh\nset -e\n${script}\n`);
      chmodSync(join(place, name), 0o755);
    }
  }
  return bin;
}
