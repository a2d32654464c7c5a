#!/usr/bin/env bash
# Builds actionlint, which checks the workflows in .github, into node_modules/.cache, unless it is
# there: needs Go, takes half a minute.
source "$(dirname "$0")/go-tools.sh"

build "$cache" actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
