#!/usr/bin/env bash
# Builds syft, which lists what is in an image, into node_modules/.cache, unless it is there: needs
# Go, takes several minutes.
source "$(dirname "$0")/go-tools.sh"

build "$cache" syft github.com/anchore/syft/cmd/syft@v1.57.1
