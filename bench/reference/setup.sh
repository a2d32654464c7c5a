#!/usr/bin/env bash
# Installs the packages of the reference stacks and creates their model, unless present.
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
# The weights for torch are written last, so their presence means that all is complete.
if [ ! -f "$model/model.safetensors" ]; then
  "$venv/bin/python" prepare.py --tokenizer ../../model/sst2-minilm --out "$model"
fi
