# Sourced by the scripts that build a program with Go: $cache keeps what they build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=$PWD/node_modules/.cache
mkdir -p "$cache"
# Where Go installs itself, for a shell that does not know.
PATH=$PATH:/usr/local/go/bin

build() { # folder, name of the program, package@version: unless it is there
  [ -x "$1/$2" ] || GOBIN=$1 go install -ldflags='-s -w' "$3"
}
