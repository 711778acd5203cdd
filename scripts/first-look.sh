#!/usr/bin/env bash
# A few seconds of this machine's system calls, and what to try next.
#
#   scripts/first-look.sh QUARRY
set -eu
quarry=$1
seconds=5
# Programs started, connections made, configuration read: as each completes.
filter='evt.dir=< and (evt.type in (execve, connect) or (evt.type=openat and fd.name pmatch (/etc, /home)))'

as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"

# Something to see even on an idle machine: a process that lists, reads and looks up, now and then.
activity() {
	while sleep 0.4; do
		ls /etc >/dev/null
		cat /etc/hostname >/dev/null
		getent hosts localhost >/dev/null || true
	done
}
activity &
activity=$!
trap 'kill "$activity" 2>/dev/null || true' EXIT

echo
echo "\$ ${as_root:+sudo }$quarry \"$filter\"      (for $seconds seconds, at most 40 lines)"
echo
status=0
$as_root timeout --preserve-status --signal=INT "$seconds" "$quarry" -n 40 "$filter" || status=$?
[ "$status" -eq 0 ] || exit "$status"

cat <<END

That was this machine. Next:

  sudo $quarry proc.name=sshd                       one program's calls
  sudo $quarry "evt.type=connect and evt.dir=<"     who connects where
  sudo $quarry -w web.scap fd.port=443              record what touches port 443
  $quarry -r web.scap -p "%proc.name %fd.name"      replay it with another format
  $quarry -l fd                                     fields to filter on and to print
END
