# The commands of the project. Each installs what it needs. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help build demo demo-workers deploy-workers test lint audit docs bench fuzz screenshots clean setup

## Lists these commands.
help:
	@awk '/^## /{text=substr($$0,4)} /^[a-z-]+:/{if(text){sub(/:.*/,"");printf "make %-12s %s\n",$$0,text} text=""}' $(MAKEFILE_LIST)

## Builds the npm package (pkg/), the page, the gateway and the emulator.
build: setup
	scripts/build
	@echo 'build: the gateway and the emulator (several minutes the first time)'
	cargo build --quiet --release -p realtimekit-emulator -p realtimekit-gateway

## Runs the moderator page, a gateway and an emulated meeting until Ctrl-C.
demo: build
	node scripts/demo.mjs

## The same demo, with the gateway of Cloudflare Workers under workerd.
demo-workers: build
	scripts/setup workers
	scripts/build-workers
	node scripts/demo-workers.mjs

## Deploys the gateway to Cloudflare Workers, as docs/workers.md says.
deploy-workers: setup
	scripts/build
	scripts/setup workers
	scripts/deploy-workers

## Runs every test.
test: build
	scripts/setup test
	scripts/test

## Checks formatting, lints, types and docs.
lint: build
	scripts/setup test
	scripts/lint

## Checks the licences, sources and known vulnerabilities of the crates. Needs a network connection.
audit:
	scripts/setup audit
	.tools/bin/cargo-deny --workspace check --allow duplicate

## Builds the documentation site, site/index.html. It works without a network connection.
docs: setup
	scripts/setup docs
	node scripts/site/build.mjs

## Measures the package, gateway and page beside others (11 minutes). JSON=FILE also writes the figures.
bench: build
	scripts/setup bench
	scripts/build-workers
	scripts/pack
	node bench/run.mjs $(if $(JSON),--json $(JSON))

## Takes the pictures of the page in docs/images/.
screenshots: build
	scripts/setup test
	node scripts/screenshots.mjs

## Runs each fuzz target of the gateway for FUZZ_SECONDS (30).
fuzz:
	scripts/setup tools
	scripts/fuzz

setup:
	scripts/setup build

## Deletes all that was built and installed here, except .tools/.
clean:
	scripts/setup tools
	cargo clean
	rm -rf pkg/dist www/dist gateway/dist emulator/dist npm/dist site node_modules tests/node_modules tests/.scratch gateway/fuzz/target \
	  scripts/site/node_modules tests/docs/node_modules tests/docs/scratch \
	  tests/environments/node_modules tests/environments/scratch \
	  bench/node_modules bench/floor/dist bench/floor/target
