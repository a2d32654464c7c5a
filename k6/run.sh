#!/usr/bin/env bash
# `npm run k6 -- SCRIPT [options of k6]`: runs k6/SCRIPT.js, and writes a JSON summary, an HTML report
# and a time series (ndjson) to the folder OUT. Set BASE_URL, CACHE_RATE, DURATION (seconds) and VUS
# with `-e`.
set -euo pipefail
cd "$(dirname "$0")/.."

script=${1:?load, honest, stress, spike, soak or smoke}
shift
bash scripts/build-k6.sh
out=${OUT:-k6/results}
mkdir -p "$out"
K6_WEB_DASHBOARD=true K6_WEB_DASHBOARD_PORT=-1 K6_WEB_DASHBOARD_PERIOD=${K6_WEB_DASHBOARD_PERIOD:-5s} \
  K6_WEB_DASHBOARD_EXPORT="$out/$script.html" K6_WEB_DASHBOARD_RECORD="$out/$script.ndjson" \
  K6_NO_USAGE_REPORT=true \
  node_modules/.cache/k6 run --summary-export "$out/$script.json" "$@" "k6/$script.js"
