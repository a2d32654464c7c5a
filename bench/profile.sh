#!/usr/bin/env bash
# Where the time goes on Node, all threads: a flame graph in results/profile/ for new texts and one
# for remembered texts. Needs Linux perf, wrk, and cargo to build what draws the graph.
set -euo pipefail
cd "$(dirname "$0")/.."

texts=${1:-../shared/data/sst2/train.tsv}
inferno=$PWD/node_modules/.cache/inferno/bin
[ -x "$inferno/inferno-flamegraph" ] ||
  cargo install --quiet inferno@0.12.8 --root node_modules/.cache/inferno
work=$(mktemp -d)
trap 'kill -9 $service $load 2>/dev/null || true; rm -rf "$work" /tmp/perf-$service.map' EXIT

HOST=127.0.0.1 PORT=0 INTERNAL_PORT=0 WORKERS=2 \
  node_modules/.bin/node --perf-basic-prof --no-compact-code-space app/node.ts >"$work/log" &
service=$!
until grep --quiet '"msg":"ready"' "$work/log"; do sleep 0.1; done
port=$(grep '"msg":"ready"' "$work/log" | sed 's/.*"port":\([0-9]*\).*/\1/')

# Records the service's threads while a load runs, from when its code is compiled.
record() { # name of the picture, command of the load
  local name=$1
  shift
  "$@" >/dev/null &
  load=$!
  sleep 10
  perf record --quiet --all-cpus --call-graph fp --freq 499 --output "$work/data" sleep 10
  kill -9 $load; wait $load 2>/dev/null || true
  # onnxruntime has neither names nor frame pointers: what is in it is one block.
  perf script --input "$work/data" --pid $service 2>/dev/null |
    "$inferno/inferno-collapse-perf" --all 2>/dev/null |
    sed -E 's/^WorkerThread;.*(onnxruntime|\[unknown\]).* ([0-9]+)$/WorkerThread;onnxruntime \2/' |
    "$inferno/inferno-flamegraph" --deterministic --minwidth 0.1 --title "$name, node app/node.ts" \
      >"bench/results/profile/$name.svg"
}

record new-texts node_modules/.bin/node bench/flood.ts "http://127.0.0.1:$port" "$texts"
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"text":["I love you!","I hate you!","I am a Kubernetes Cluster!"]}'
LUA
record remembered-texts wrk -t1 -c10 -d25s -s "$work/post.lua" "http://127.0.0.1:$port/predict"
