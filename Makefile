# The commands of the project; each sets up what it needs.

.PHONY: build demo test lint docs bench fuzz screenshots clean setup

## Builds the npm package (pkg/), the gateway and the emulator.
build: setup
	scripts/build
	cargo build --quiet --release -p realtimekit-emulator -p realtimekit-gateway

## Serves the moderator page, by a gateway in front of an emulated meeting, until Ctrl-C.
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

## Measures beside the official SDK and others, the gateway beside nginx, the page: some eleven minutes.
bench: build
	scripts/setup bench
	scripts/pack
	node bench/run.mjs

## Makes the pictures of the page in docs/images/.
screenshots: build
	scripts/setup test
	node scripts/screenshots.mjs

## Runs the gateway's fuzz targets, each for FUZZ_SECONDS (30).
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
