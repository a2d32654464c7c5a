#!/usr/bin/env bash
# Installs what the reference stacks need into node_modules/.cache/reference, unless it is there.
set -euo pipefail
cd "$(dirname "$0")"

venv=../../node_modules/.cache/reference
cmp -s requirements.txt "$venv/requirements.txt" && exit
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --requirement requirements.txt
cp requirements.txt "$venv/"
