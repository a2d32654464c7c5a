#!/usr/bin/env bash
# Installs Triton into node_modules/.cache/triton, unless present: a download of 400 MB.
set -euo pipefail
cd "$(dirname "$0")"

venv=../../node_modules/.cache/triton
if ! cmp -s requirements.txt "$venv/requirements.txt"; then
  rm -rf "$venv"
  /usr/bin/python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement requirements.txt
  cp requirements.txt "$venv/"
fi
