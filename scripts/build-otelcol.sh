#!/usr/bin/env bash
# Builds the OpenTelemetry collector that the tests start, unless it is there: needs Go, takes a minute or two.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=$PWD/node_modules/.cache/otelcol
[ -x "$bin" ] && exit
# Where Go installs itself, for a shell that does not know.
PATH=$PATH:/usr/local/go/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$(dirname "$bin")"
cp tests/telemetry/otelcol.yaml "$work"
cd "$work"
GOBIN=$work go install go.opentelemetry.io/collector/cmd/builder@v0.160.0
# The builder would go on to fetch the modules of its dependencies' own tests, not all of which can be had.
./builder --config otelcol.yaml --skip-compilation >builder.log 2>&1 || [ -f otelcol-source/go.mod ]
cd otelcol-source
GOFLAGS=-mod=mod go build -ldflags='-s -w' -o "$bin" .
