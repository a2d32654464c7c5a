#!/usr/bin/env bash
# Random requests by the OpenAPI document of a service that runs: `npm run fuzz:api -- URL [options of
# schemathesis]`. Needs Python 3.10 or newer with venv.
set -euo pipefail
cd "$(dirname "$0")/.."

url=${1:?"npm run fuzz:api -- URL [options of schemathesis]"}
shift
venv=$PWD/node_modules/.cache/schemathesis
[ -x "$venv/bin/st" ] || { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet schemathesis==4.32.5; }
"$venv/bin/st" run "$url/openapi.json" --checks all --continue-on-failure "$@"
