# Every target sets up what it needs: the only requirements are git, make, a Rust toolchain and Node; `prove` and
# `slither` also need Python 3.11 or newer with venv.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

# The native tools; the launchers in node_modules/.bin exit with 0 even when the tool failed.
export PATH := $(CURDIR)/.tools/bin:$(PATH)
FORGE := .tools/bin/forge

NODE_STAMP := .tools/.stamp
PYTHON_STAMP := .venv/.stamp
VECTORS_STAMP := vectors/check/node_modules/.stamp

# Each generator writes its files, or with --check fails when one is stale.
GENERATORS := $(sort $(wildcard script/tools/generate-*.mjs))

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(NODE_STAMP) ## install the pinned toolchain and libraries (implied by every other target)

$(NODE_STAMP): package.json package-lock.json .npmrc script/tools/link-tools.mjs
	npm ci --no-progress
	node script/tools/link-tools.mjs
	touch $@

$(PYTHON_STAMP): script/tools/requirements.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.PHONY: demo
demo: setup ## deploy to a local chain and walk one order of each payment profile
	script/demo.sh

# The Solidity compiler uses one core: the crates are compiled beside it.
.PHONY: test
test: setup ## run every test (contracts, generated files, crates)
	$(MAKE) --jobs=2 --output-sync=target test-contracts build-rust-tests
	$(MAKE) test-scripts generated test-rust vectors-check

# How often each transition was reached is printed at the second verbosity.
.PHONY: test-contracts
test-contracts: setup
	$(FORGE) test --no-match-path 'test/{gas,invariant}/*'
	$(FORGE) test -vv --match-path 'test/invariant/*'

.PHONY: test-scripts
test-scripts: setup
	timeout 600 test/script/deploy.sh
	timeout 300 test/script/demo.sh
	timeout 120 test/script/queries.sh
	timeout 300 test/script/consumer.sh
	timeout 120 test/script/conformance.sh

.PHONY: build-rust-tests
build-rust-tests:
	cargo test --workspace --all-features --locked --no-run

.PHONY: test-rust
test-rust: setup
	cargo test --workspace --all-features --locked

.PHONY: vectors
vectors: ## write the protocol's test vectors anew
	cargo run --quiet --package tgp-protocol --example vectors --locked

# The files are what the crate does now, and a second implementation, in TypeScript, agrees with each case.
.PHONY: vectors-check
vectors-check: build-rust-tests $(VECTORS_STAMP) ## fail when a vector is stale or the independent checker disagrees
	$${CARGO_TARGET_DIR:-target}/debug/examples/vectors --check
	npm run --silent --prefix vectors/check check

$(VECTORS_STAMP): vectors/check/package.json vectors/check/package-lock.json vectors/check/.npmrc
	npm ci --no-progress --prefix vectors/check
	touch $@

.PHONY: build
build: setup ## compile the contracts and the crates
	$(FORGE) build
	cargo build --workspace --locked

.PHONY: storage-guard
storage-guard: setup ## compile and test the contracts for chains without the Cancun opcodes
	FOUNDRY_PROFILE=storage-guard $(FORGE) build contracts
	COREPROVER_BUILD=out-storage-guard $(FORGE) test --match-path 'test/{escrow,htlc,router,registry}/*'

.PHONY: generate
generate: setup ## write every generated file anew
	$(FORGE) build contracts test/tokens/TestUSD.sol
	@for generator in $(GENERATORS); do echo "node $$generator"; node $$generator; done
	node script/tools/conformance.mjs

.PHONY: generated
generated: setup ## fail when a generated file or a page is stale
	$(FORGE) build contracts test/tokens/TestUSD.sol
	@for generator in $(GENERATORS); do echo "node $$generator --check"; node $$generator --check; done
	node script/tools/check-docs.mjs
	node script/tools/check-trees.mjs
	node script/tools/conformance.mjs --check

.PHONY: conformance
conformance: ## count the requirements that tests claim, write docs/conformance.md
	node script/tools/conformance.mjs

.PHONY: fmt
fmt: setup ## format Solidity and Rust
	$(FORGE) fmt
	cargo fmt --all

.PHONY: fmt-check
fmt-check: setup ## fail when something is not formatted
	$(FORGE) fmt --check
	cargo fmt --all --check

.PHONY: lint
lint: setup ## imports, examples, forge lint, clippy and rustdoc, warnings denied
	node script/tools/check-imports.mjs
	node script/tools/check-crates.mjs
	node script/tools/check-examples.mjs
	node script/tools/check-natspec.mjs
	node script/tools/lint.mjs
	cargo clippy --workspace --all-targets --all-features --locked -- --deny warnings
	RUSTDOCFLAGS='--deny warnings' cargo doc --workspace --no-deps --all-features --locked

.PHONY: sizes
sizes: setup ## print the contracts' code sizes, fail above a limit
	$(FORGE) build contracts
	node script/tools/sizes.mjs

.PHONY: gas
gas: setup ## measure whole transactions, write the snapshots, print them beside the measured peers
	$(FORGE) build
	$(FORGE) test --isolate --match-path 'test/gas/*' --gas-snapshot-emit true
	node script/tools/gas-table.mjs

.PHONY: gas-check
gas-check: setup ## fail when a gas figure differs from its snapshot
	$(FORGE) build
	$(FORGE) test --isolate --match-path 'test/gas/*' --gas-snapshot-check true

.PHONY: prove
prove: setup $(PYTHON_STAMP) ## prove the symbolic tests with halmos
	$(FORGE) build contracts
	node script/tools/prove.mjs

.PHONY: slither
slither: setup $(PYTHON_STAMP) ## static analysis, each finding answered in script/tools/slither-answers.json
	FOUNDRY_PROFILE=slither $(FORGE) build contracts --force
	node script/tools/slither.mjs

# Without the example logs: they hold code hashes, which are others here.
.PHONY: coverage
coverage: setup ## line and branch coverage of contracts/, fail below 98 % and 95 %
	FOUNDRY_PROFILE=coverage $(FORGE) coverage --no-match-path 'test/{gas,symbolic}/*' \
	  --no-match-test test_examplesAreWhatTheContractsLog \
	  --no-match-coverage '^(test|script)/' --report lcov --report-file lcov.info
	node script/tools/coverage.mjs

# Another one each time; `make soak SEED=...` repeats a run, whose seed forge prints at its end.
SEED ?= 0x$(shell od -An -N8 -tx8 /dev/urandom | tr -d ' ')

.PHONY: soak
soak: setup ## the tests that chance takes part in again, with deep fuzzing and long invariant runs
	FOUNDRY_PROFILE=soak $(FORGE) test --no-match-path 'test/gas/*' --fuzz-seed $(SEED)
	PROPTEST_CASES=20000 cargo test --package tgp-protocol --locked
	PROPTEST_CASES=500 cargo test --package coreprover-indexer --test it --locked -- faults
	COREPROVER_KILLS=500 cargo test --package tbc --test it --locked -- kill

.PHONY: bench
bench: gas bench-protocol bench-store bench-indexer bench-growth bench-reorg bench-reads ## every figure beside its peer's, and the speed of the crates

.PHONY: bench-protocol
bench-protocol: ## how fast messages are read, checked, signed and hashed, and policies decide
	cargo bench --package tgp-protocol --bench messages --bench policy --locked

.PHONY: bench-store
bench-store: ## how fast the embedded store writes, goes back and reads
	cargo run --release --package coreprover-store --example speed --locked

.PHONY: bench-indexer
bench-indexer: setup ## how fast a chain is read, beside what the node and the store alone allow
	cargo bench --package coreprover-indexer --bench backfill --locked

# The largest size takes minutes and some ten gigabytes of disk: GROWTH=10000000.
GROWTH ?= 1000000

.PHONY: bench-growth
bench-growth: ## what an event, a question and the files cost as the chain grows: GROWTH events at most
	cargo bench --package coreprover-indexer --bench growth --locked -- --max $(GROWTH)

.PHONY: bench-reorg
bench-reorg: ## how long 64 blocks with 10,000 events take that go and come anew
	cargo bench --package coreprover-indexer --bench reorg --locked

.PHONY: bench-reads
bench-reads: ## how much of the bare framework the server reaches
	cargo bench --package coreprover-indexer --bench reads --locked

PONDER := docs/examples/ponder
PONDER_STAMP := $(PONDER)/node_modules/.stamp

$(PONDER_STAMP): $(PONDER)/package.json $(PONDER)/package-lock.json $(PONDER)/.npmrc
	npm ci --no-progress --prefix $(PONDER)
	touch $@

.PHONY: bench-peers
bench-peers: setup $(PONDER_STAMP) ## the indexer beside others, on one chain with the same events
	PEERS=$(CURDIR)/bench/peers/run.mjs cargo bench --package coreprover-indexer --bench backfill --locked

.PHONY: examples
examples: setup $(PONDER_STAMP) ## index the receipts of a local chain with the public tools of docs/examples
	test/script/examples.sh

.PHONY: fuzz-api
fuzz-api: $(PYTHON_STAMP) ## ask what the indexer serves everything that its description allows
	PATH=$(CURDIR)/.venv/bin:$$PATH cargo test --package coreprover-indexer --all-features --locked --test serve -- \
	  --ignored --nocapture fuzz

# Needs `cargo install cargo-fuzz`; `make test` runs the same functions over the same corpus. What libfuzzer asks of the
# compiler is unstable, hence the variable; the sanitizer is for code that is not safe, of which there is none.
FUZZ_TARGET ?= json
FUZZ_SECONDS ?= 60

.PHONY: fuzz
fuzz: ## fuzz one decoder: FUZZ_TARGET, FUZZ_SECONDS
	RUSTC_BOOTSTRAP=1 cargo fuzz run $(FUZZ_TARGET) --sanitizer none -- -max_total_time=$(FUZZ_SECONDS) -max_len=65536

.PHONY: clean
clean: ## remove what was built, keep what was installed
	rm -rf out out-* cache cache-* broadcast target fuzz/target vectors/check/build lcov.info \
	  $(PONDER)/.ponder $(PONDER)/generated bench/peers/ponder/.ponder bench/peers/ponder/generated
