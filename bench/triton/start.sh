#!/usr/bin/env bash
# Starts Triton on the loopback, with the model of MODEL; set PORT. As many instances as cores.
set -euo pipefail
cd "$(dirname "$0")"

venv=$(realpath ../../node_modules/.cache/triton)
packages=$(echo "$venv"/lib/python3.*/site-packages)
server=$packages/pytriton/tritonserver
version=$("$venv/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
export MODEL PATH="$venv/bin:$PATH" PYTHONPATH=$packages
export LD_LIBRARY_PATH=$packages/nvidia_pytriton.libs

# A folder of its own: the backend needs the stub of this Python beside it.
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cp -r "$server/backends" "$place/"
cp "$server/python_backend_stubs/$version/triton_python_backend_stub" "$place/backends/python/"
"$server/bin/tritonserver" --model-repository="$PWD" --backend-directory="$place/backends" \
  --http-address=127.0.0.1 --http-port="$PORT" --allow-grpc=false --allow-metrics=false \
  --log-info=false --log-warning=false --disable-auto-complete-config
