#!/usr/bin/env bash
# Installs what `npm run protos` needs, once, into node_modules/.cache/protos: buf, and the generator of
# the library that the service reads messages with (@bufbuild/protobuf), at its version.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=node_modules/.cache/protos
version=$(node -p "require('./package.json').dependencies['@bufbuild/protobuf']")
packages="@bufbuild/buf@1.75.0 @bufbuild/protoc-gen-es@$version @bufbuild/protobuf@$version"
[ "$(cat "$folder/packages" 2>/dev/null)" != "$packages" ] || exit 0
rm -rf "$folder"
mkdir -p "$folder"
# shellcheck disable=SC2086
npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund --silent $packages
echo "$packages" >"$folder/packages"
