#!/usr/bin/env bash
# Builds k6 into node_modules/.cache, unless present. Needs Go; takes a minute.
source "$(dirname "$0")/go-tools.sh"

build "$cache" k6 go.k6.io/k6@v1.8.1
