# The commands of the project; each sets up what it needs.

.PHONY: build demo test lint bench clean setup

## Builds the npm package (pkg/) and the emulator.
build: setup
	scripts/build
	cargo build --quiet --release -p realtimekit-emulator

## Serves the moderator page with an emulated meeting, until Ctrl-C.
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

## Measures beside the official SDK and others: some four minutes.
bench: build
	scripts/setup bench
	scripts/pack
	node bench/run.mjs

setup:
	scripts/setup build

clean:
	cargo clean
	rm -rf pkg/dist node_modules tests/node_modules tests/.scratch \
	  tests/environments/node_modules tests/environments/scratch \
	  bench/node_modules bench/floor/dist bench/floor/target
