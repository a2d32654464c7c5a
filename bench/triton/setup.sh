#!/usr/bin/env bash
# Installs Triton into node_modules/.cache/triton, unless present: a download of 400 MB. Needs Debian's
# Python 3.11 with venv.
set -euo pipefail
cd "$(dirname "$0")"

venv=../../node_modules/.cache/triton
if ! cmp -s requirements.txt "$venv/requirements.txt"; then
  rm -rf "$venv"
  if ! /usr/bin/python3.11 -m venv "$venv"; then
    echo 'Triton needs Python 3.11 of Debian 12: apt-get install python3.11-venv' >&2
    exit 1
  fi
  "$venv/bin/pip" install --quiet --requirement requirements.txt
  # The backend needs the stub of this Python beside it.
  server=$venv/lib/python3.11/site-packages/pytriton/tritonserver
  cp "$server/python_backend_stubs/3.11/triton_python_backend_stub" "$server/backends/python/"
  cp requirements.txt "$venv/"
fi
