# The verbs of this project. `make run` and `make test` need nothing but a Rust toolchain;
# scripts/setup says what else it installs, if anything.

.PHONY: run test soak bars setup setup-tests

BASE ?= qarhan
PROGRAM := target/release/saltern
# Where set-up puts a Node.js if the machine has none that is new enough.
export PATH := $(CURDIR)/target/node/bin:$(PATH)

## A salt lake: sets up, builds, simulates a year and says where its report is, then plays the plant at sixty times real time
## with the server on http://127.0.0.1:8321/ until Ctrl-C.
run: setup
	cargo build --release --locked --package saltern
	scripts/console $(PROGRAM)
	cargo build --release --locked --package saltern
	$(PROGRAM) simulate examples/$(BASE) -o runs/$(BASE) --overwrite
	$(PROGRAM) serve examples/$(BASE) --demo --speed 60

## Everything that must hold before a change is taken.
test: setup-tests
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo build --workspace --locked --bin saltern
	scripts/console target/debug/saltern test
	cargo test --workspace --locked
	cd web && npm run --silent e2e
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --locked

## Long checks: property tests with many cases, a hundred thousand random brines in process and thousands through
## the program, ten thousand feeds for every reference plant, two hundred synthetic pilot campaigns, a store killed a hundred times, every peer killed twenty times, and damaged inputs for every reader of files, packets and
## messages (FUZZ_SECONDS of processor time each; those of private readers are tests, built with checks for overflow).
FUZZ_SECONDS ?= 600
soak: setup-tests
	PROPTEST_CASES=20000 SALTERN_KILLS=100 SALTERN_RESTARTS=20 SALTERN_RANDOM_BRINES=100000 SALTERN_RANDOM_FEEDS=10000 SALTERN_REPLICATES=200 cargo test --workspace --release --locked
	cargo run --release --locked --package saltern-brine --example fuzz_readers -- $(FUZZ_SECONDS)
	SALTERN_FUZZ_SECONDS=$(FUZZ_SECONDS) cargo test --locked --package saltern-connect --package saltern-history --lib fuzz::
	cargo build --release --locked --package saltern
	scripts/soak $(PROGRAM)
	scripts/console $(PROGRAM)
	cargo build --release --locked --package saltern
	cd web && SALTERN_PROGRAM=$(CURDIR)/$(PROGRAM) SALTERN_SECONDS=1800 npm run bars

## What the README claims, each figure measured now; with FITS=--fits the coverage of fits too, about 100 s more.
bars: setup
	cargo build --release --locked --package saltern
	scripts/bars $(FITS) $(PROGRAM)

setup:
	@scripts/setup

setup-tests:
	@scripts/setup tests
