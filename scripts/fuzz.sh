#!/usr/bin/env bash
# Fuzzes each target in turn for the given number of seconds; what it finds stays in
# tests/fuzz/artifacts. Exit status 1: something was found.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-3600}

if ! cargo fuzz --version >/dev/null 2>&1; then
	echo "cargo-fuzz is not here: installing it with cargo install cargo-fuzz --locked"
	cargo install --quiet cargo-fuzz --locked
fi
found=0
for target in $(cargo +nightly fuzz list --fuzz-dir tests/fuzz); do
	echo "== $target, $seconds s"
	mkdir -p "tests/fuzz/corpus/$target"
	case $target in
	filter | format)
		# Filters that people write are better seeds than none.
		sed -nE 's/^ +[0-9]+ +[0-9]+  //p' tests/filters/counts.txt | split -l 1 - "tests/fuzz/corpus/$target/seed-"
		;;
	esac
	cargo +nightly fuzz run --fuzz-dir tests/fuzz "$target" -- -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 ||
		found=1
done
exit "$found"
