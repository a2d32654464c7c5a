# Sourced by scripts that build Go programs; $cache is the folder for the binaries.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=$PWD/node_modules/.cache
mkdir -p "$cache"
# Go's default location, in case PATH lacks it.
PATH=$PATH:/usr/local/go/bin

build() { # folder, name of the program, package@version: unless it is there
  [ -x "$1/$2" ] || GOBIN=$1 go install -ldflags='-s -w' "$3"
}
