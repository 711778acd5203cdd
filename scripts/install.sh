#!/usr/bin/env bash
# Installs the built command under a prefix, with its man page and shell completions as far as it
# can write them, or removes all of it.
#
#   scripts/install.sh QUARRY PREFIX
#   scripts/install.sh --remove PREFIX
set -eu
what=$1
prefix=$2
man=$prefix/share/man/man1/quarry.1
bash=$prefix/share/bash-completion/completions/quarry
zsh=$prefix/share/zsh/site-functions/_quarry
fish=$prefix/share/fish/vendor_completions.d/quarry.fish

if [ "$what" = --remove ]; then
	rm -fv "$prefix/bin/quarry" "$man" "$bash" "$zsh" "$fish"
	exit 0
fi

install -Dv -m 755 "$what" "$prefix/bin/quarry"

# Writes one generated file, unless this build cannot generate it.
generated() {
	text=$("$what" --generate "$1") || return 0
	install -d "$(dirname "$2")"
	printf '%s\n' "$text" >"$2"
	echo "'$2'"
}
generated man "$man"
generated complete-bash "$bash"
generated complete-zsh "$zsh"
generated complete-fish "$fish"
