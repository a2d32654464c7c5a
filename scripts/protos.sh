#!/usr/bin/env bash
# Writes the code of app/http/grpc/*.proto to app/http/grpc/generated, or to another folder: `npm run
# protos`. Needs `bash scripts/build-proto-tools.sh`.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$PWD/node_modules/.cache/protos/node_modules/.bin
template='{"version":"v2","plugins":[{"local":"protoc-gen-es","out":".","opt":["target=ts","erasable_syntax=true"]}]}'
PATH="$tools:$PATH" buf generate app/http/grpc --template "$template" --output "${1:-app/http/grpc/generated}"
