#!/usr/bin/env bash
# Builds the OpenTelemetry collector for the tests, unless present. Needs Go; takes a minute or two.
source "$(dirname "$0")/go-tools.sh"

[ -x "$cache/otelcol" ] && exit
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp tests/telemetry/otelcol.yaml "$work"
cd "$work"
build "$work" builder go.opentelemetry.io/collector/cmd/builder@v0.160.0
# The builder would also download the test dependencies of its modules, not all of which are available.
./builder --config otelcol.yaml --skip-compilation >builder.log 2>&1 || [ -f otelcol-source/go.mod ]
cd otelcol-source
GOFLAGS=-mod=mod go build -ldflags='-s -w' -o "$cache/otelcol" .
