#!/usr/bin/env bash
# Builds gitleaks, which looks for secrets in files and in the history, into node_modules/.cache,
# unless it is there: needs Go, takes half a minute.
source "$(dirname "$0")/go-tools.sh"

build "$cache" gitleaks github.com/zricethezav/gitleaks/v8@v8.30.1
