#!/usr/bin/env bash
# Starts Triton on the loopback, with the model of MODEL; set PORT.
set -euo pipefail
cd "$(dirname "$0")"

venv=$(realpath ../../node_modules/.cache/triton)
packages=$venv/lib/python3.11/site-packages
server=$packages/pytriton/tritonserver
export MODEL PATH="$venv/bin:$PATH" PYTHONPATH=$packages
export LD_LIBRARY_PATH=$packages/nvidia_pytriton.libs
exec "$server/bin/tritonserver" --model-repository="$PWD" --backend-directory="$server/backends" \
  --http-address=127.0.0.1 --http-port="$PORT" --allow-grpc=false --allow-metrics=false \
  --log-info=false --log-warning=false --disable-auto-complete-config
