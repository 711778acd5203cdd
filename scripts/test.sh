#!/usr/bin/env bash
# Everything that CI runs, each step whatever became of the others, and one closing line of counts.
# Tests of all crates count one by one, the other steps as one each; what could not run says
# `skipped, because …` where it happens and is counted at the end.
set -u
cd "$(dirname "$0")/.."

export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never} CARGO_INCREMENTAL=${CARGO_INCREMENTAL:-0}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=()

# step NAME COMMAND...
step() {
	local name=$1 status=0
	shift
	printf '\n== %s\n' "$name"
	"$@" 2>&1 | tee -a "$log" || true
	status=${PIPESTATUS[0]}
	if [ "$status" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed+=("$name")
		printf '== %s: FAILED (status %s)\n' "$name" "$status"
	fi
}

# A missing tool costs only the tests that need it, and each of those says so.
test_packages() {
	scripts/packages.sh test || echo "skipped, because some test packages could not be installed"
}

# Licences, bans and sources always; advisories when their database can be reached.
dependencies() {
	if ! cargo deny --version >/dev/null 2>&1; then
		echo "cargo-deny is not here: installing it with cargo install cargo-deny --locked"
		if ! timeout 20m cargo install --quiet cargo-deny --locked; then
			echo "SKIPPED: cargo deny: skipped, because cargo-deny could not be installed"
			return 0
		fi
	fi
	cargo deny check licenses bans sources || return 1
	if timeout 2m cargo deny fetch db >/dev/null 2>&1; then
		cargo deny --offline check advisories
	else
		echo "SKIPPED: cargo deny check advisories: skipped, because its database cannot be fetched"
	fi
}

documentation() {
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps
}

# Tests run the commands that this build leaves in target/debug.
tests() {
	cargo build --quiet --workspace --bins || return 1
	QUARRY_BIN=$PWD/target/debug/quarry cargo test --workspace --no-fail-fast
}

step "packages for the build" scripts/packages.sh build
step "packages for the tests" test_packages
step "format" cargo fmt --all --check
step "lints" cargo clippy --quiet --workspace --all-targets -- -D warnings
step "dependencies" dependencies
step "documentation" documentation
step "tests" tests

# Adds up one number of cargo's `test result:` lines.
sum_of() {
	grep -E '^test result:' "$log" | grep -oE "[0-9]+ $1" | awk '{ sum += $1 } END { print sum + 0 }'
}
cargo_failed=$(sum_of failed)
printf '\n'
[ "${#failed[@]}" -eq 0 ] || printf 'failed: %s\n' "${failed[@]}"
skipped=$(($(grep -c 'skipped, because' "$log") + $(sum_of ignored)))
printf '%s passed, %s failed, %s skipped\n' \
	"$((passed + $(sum_of passed)))" "$((cargo_failed + ${#failed[@]}))" "$skipped"
[ "${#failed[@]}" -eq 0 ]
