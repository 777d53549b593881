# The commands of the project. Each installs what it needs.

.PHONY: build demo test lint docs bench fuzz screenshots clean setup

## Builds the npm package (pkg/), the page, the gateway and the emulator.
build: setup
	scripts/build
	cargo build --quiet --release -p realtimekit-emulator -p realtimekit-gateway

## Runs the moderator page, a gateway and an emulated meeting until Ctrl-C.
demo: build
	node scripts/demo.mjs

## Runs every test.
test: build
	scripts/setup test
	scripts/test

## Checks formatting, lints, types and docs.
lint: build
	scripts/setup test
	scripts/lint

## Builds the documentation site, site/: open site/index.html. It works without a network connection.
docs: setup
	scripts/setup docs
	node scripts/site/build.mjs

## Compares with the official SDK and other clients, the gateway with nginx; measures the page. About 11 minutes.
bench: build
	scripts/setup bench
	scripts/pack
	node bench/run.mjs

## Takes the pictures of the page in docs/images/.
screenshots: build
	scripts/setup test
	node scripts/screenshots.mjs

## Runs each fuzz target of the gateway for FUZZ_SECONDS (30).
fuzz:
	scripts/fuzz

setup:
	scripts/setup build

clean:
	cargo clean
	rm -rf pkg/dist www/dist site node_modules tests/node_modules tests/.scratch gateway/fuzz/target \
	  scripts/site/node_modules tests/docs/node_modules tests/docs/scratch \
	  tests/environments/node_modules tests/environments/scratch \
	  bench/node_modules bench/floor/dist bench/floor/target
