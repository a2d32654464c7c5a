#!/usr/bin/env bash
# Starts fastapi-torch, fastapi-onnxruntime, litserve-torch or litserve-onnxruntime on the loopback.
# MODEL is the folder written by prepare.py; set PORT and REDIS_URL, and optionally WORKERS and THREADS.
set -euo pipefail
cd "$(dirname "$0")"

stack=${1:?fastapi-torch, fastapi-onnxruntime, litserve-torch or litserve-onnxruntime}
export BACKEND=${stack#*-} MODEL PORT REDIS_URL WORKERS=${WORKERS:-2} THREADS=${THREADS:-1}
export TOKENIZERS_PARALLELISM=false HF_HUB_OFFLINE=1
python=../../node_modules/.cache/reference/bin/python
case ${stack%-*} in
  fastapi)
    exec "$python" -m uvicorn fastapi_server:app --host 127.0.0.1 --port "$PORT" \
      --workers "$WORKERS" --loop uvloop --http httptools --no-access-log --log-level warning
    ;;
  litserve) exec "$python" litserve_server.py ;;
esac
