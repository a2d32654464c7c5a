#!/usr/bin/env bash
# CPU profiles on Node, all threads: one flame graph in results/profile/ for cache misses and one for
# cache hits. Needs Linux perf, wrk, and cargo (to build inferno, which draws the graphs).
set -euo pipefail
cd "$(dirname "$0")/.."

texts=${1:-}
inferno=$PWD/node_modules/.cache/inferno/bin
[ -x "$inferno/inferno-flamegraph" ] ||
  cargo install --quiet inferno@0.12.8 --root node_modules/.cache/inferno
work=$(mktemp -d)
service='' load=''
trap 'kill -9 $service $load 2>/dev/null || true; rm -rf "$work" /tmp/perf-$service.map' EXIT

# Starts a service and a load on it, and records once the JIT is warm.
record() { # name of the graph, command of the load, in which URL stands for the address
  local name=$1 port
  shift
  HOST=127.0.0.1 PORT=0 INTERNAL_PORT=0 WORKERS=2 node_modules/.bin/node \
    --perf-basic-prof --no-compact-code-space app/node.ts >"$work/log" &
  service=$!
  until grep --quiet '"event":"ready"' "$work/log"; do sleep 0.1; done
  port=$(sed -n 's/.*"event":"ready".*"port":\([0-9]*\).*/\1/p' "$work/log")
  "${@//URL/http://127.0.0.1:$port}" >/dev/null &
  load=$!
  sleep 10
  perf record --quiet --all-cpus --call-graph fp --freq 499 --output "$work/data" sleep 10
  # onnxruntime has neither symbols nor frame pointers: it becomes one block.
  perf script --input "$work/data" --pid $service 2>/dev/null |
    "$inferno/inferno-collapse-perf" --all 2>/dev/null |
    sed -E -e 's/^WorkerThread;.*(onnxruntime|\[unknown\]).* ([0-9]+)$/WorkerThread;onnxruntime \2/' \
      -e "s#(file://)?$PWD/##g" |
    "$inferno/inferno-flamegraph" --deterministic --minwidth 0.1 --title "$name, node app/node.ts" \
      >"bench/results/profile/$name.svg"
  kill -9 $load $service
  wait $load $service 2>/dev/null || true
  rm "/tmp/perf-$service.map"
}

record new-texts node_modules/.bin/node bench/flood.ts URL "$texts"
cat >"$work/post.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"text":["I love you!","I hate you!","I am a Kubernetes Cluster!"]}'
LUA
record remembered-texts wrk -t1 -c10 -d60s -s "$work/post.lua" URL/predict
