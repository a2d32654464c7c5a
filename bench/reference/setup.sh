#!/usr/bin/env bash
# Installs what the reference stacks need, and makes the model that all run, unless both are there.
set -euo pipefail
cd "$(dirname "$0")"

cache=../../node_modules/.cache
venv=$cache/reference
model=$cache/distilbert-random
if ! cmp -s requirements.txt "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement requirements.txt
  cp requirements.txt "$venv/"
fi
# The weights for torch are written last.
if [ ! -f "$model/model.safetensors" ]; then
  "$venv/bin/python" prepare.py --tokenizer ../../model/sst2-minilm --out "$model"
fi
