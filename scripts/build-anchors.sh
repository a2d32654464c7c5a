#!/usr/bin/env bash
# Builds the server that Polarity is measured against, and its load generator, into
# node_modules/.cache, unless they are up to date. Needs Rust; takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."

# rustup's default location, in case PATH lacks it.
PATH=$PATH:${HOME:-/root}/.cargo/bin
if ! command -v cargo >/dev/null; then
  echo 'The anchor needs Rust: apt-get install rustup gcc && rustup default stable' >&2
  exit 1
fi
export CARGO_TARGET_DIR=$PWD/node_modules/.cache/anchors
# Cargo looks for its own settings from here up.
cd bench/anchors
cargo build --locked --release --quiet
