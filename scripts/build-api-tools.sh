#!/usr/bin/env bash
# Installs what checks the OpenAPI document and makes a client from it into node_modules/.cache, unless
# it is there: two linters and a generator, which are no packages of the service.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$PWD/node_modules/.cache/api-tools
[ ! -e "$tools/installed" ] || exit 0
mkdir -p "$tools"
echo '{ "private": true, "type": "module" }' >"$tools/package.json"
npm install --prefix "$tools" --ignore-scripts --no-audit --no-fund --save-exact \
  @redocly/cli@2.77.0 \
  @stoplight/spectral-cli@6.16.3 \
  openapi-fetch@0.17.0 \
  openapi-typescript@7.13.0 \
  typescript@5.9.3 >/dev/null
touch "$tools/installed"
