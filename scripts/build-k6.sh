#!/usr/bin/env bash
# Builds k6 into node_modules/.cache, unless it is there: needs Go, takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/node_modules/.cache/k6
[ -x "$bin" ] && exit
# Where Go installs itself, for a shell that does not know.
PATH=$PATH:/usr/local/go/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GOBIN=$work go install -ldflags='-s -w' go.k6.io/k6@v1.8.1
mkdir -p "$(dirname "$bin")"
mv "$work/k6" "$bin"
