#!/usr/bin/env bash
# Installs the distribution packages that a task needs and this machine lacks, and says so first.
#
#   scripts/packages.sh [build] [test] [bench]
#
# A need is met by the command or header itself, however it got here; only what is missing is
# installed, so a second run does nothing. Exit status 1: something is still missing.
set -eu

# task  needed thing  Debian/Ubuntu package that brings it
needs='
build  cc                      gcc
build  clang                   clang
build  pkg-config              pkg-config
build  /usr/include/libelf.h   libelf-dev
build  /usr/include/zlib.h     zlib1g-dev
test   sysdig                  sysdig
test   strace                  strace
test   redis-server            redis-server
test   tmux                    tmux
test   python3                 python3-minimal
test   dockerd                 docker.io
test   podman                  podman
test   containerd              containerd
test   runc                    runc
test   iptables                iptables
test   busybox                 busybox-static
bench  sysdig                  sysdig
bench  strace                  strace
'

present() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null 2>&1 ;;
	esac
}

missing_packages() {
	echo "$needs" | while read -r task thing package; do
		case " $* " in *" $task "*) present "$thing" || echo "$package" ;; esac
	done | sort -u | tr '\n' ' '
}

packages=$(missing_packages "$@")
[ -n "$packages" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
	echo "missing here: $packages(names of Debian packages; install their equivalents)" >&2
	exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
	as_root=""
elif command -v sudo >/dev/null 2>&1; then
	as_root="sudo"
else
	echo "missing here: $packages; install them as root: apt-get install $packages" >&2
	exit 1
fi

echo "Needed for '$*' and not here: $packages"
echo "Installing with: ${as_root:+sudo }apt-get install --no-install-recommends $packages"
# Without recommended packages: sysdig's would build a kernel module that nothing here uses.
$as_root apt-get update -qq </dev/null || echo "apt-get update failed; trying with the lists at hand" >&2
# shellcheck disable=SC2086 # The list is meant to be split.
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages \
	</dev/null >/dev/null || true

packages=$(missing_packages "$@")
[ -z "$packages" ] || {
	echo "still missing: $packages" >&2
	exit 1
}
