# The two commands of a fresh clone are `make run` and `make test`; cargo does the rest.

CARGO   ?= cargo
PREFIX  ?= /usr/local
DESTDIR ?=

.PHONY: help run test bench fuzz install uninstall clean

help:
	@echo 'make run      install what the build lacks, build, and watch this machine for a few seconds'
	@echo 'make test     everything that CI runs'
	@echo 'make bench    cost per traced call and replay speed, as ratios to strace and sysdig'
	@echo 'make install  binary, man page and completions into $(DESTDIR)$(PREFIX)'
	@echo "make fuzz     fuzz every target for FUZZ_SECONDS=3600 each (nightly toolchain)"
	@echo 'make clean    remove what was built'

run:
	@scripts/packages.sh build
	$(CARGO) build --release -p quarry
	@scripts/first-look.sh target/release/quarry

test:
	@scripts/test.sh

bench:
	@scripts/packages.sh build bench
	$(CARGO) build --release -p quarry -p benches
	@QUARRY_BIN=target/release/quarry QUARRY_WORKLOAD_BIN=target/release/quarry-workload \
		target/release/quarry-bench

install:
	@test -x target/release/quarry || { echo 'build first: make run, or cargo build --release -p quarry'; exit 1; }
	@scripts/install.sh target/release/quarry '$(DESTDIR)$(PREFIX)'

uninstall:
	@scripts/install.sh --remove '$(DESTDIR)$(PREFIX)'

clean:
	$(CARGO) clean

# Coverage-guided; needs a nightly toolchain. FUZZ_SECONDS per target.
FUZZ_SECONDS ?= 3600
fuzz:
	@scripts/fuzz.sh $(FUZZ_SECONDS)
