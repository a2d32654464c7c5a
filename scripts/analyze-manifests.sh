#!/usr/bin/env bash
# Runs `istioctl analyze` on the production manifests; tests validate them against schemas.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/build-manifest-tools.sh --istioctl
PATH=$PWD/node_modules/.cache/manifests:$PATH
rendered=$(mktemp --suffix .yaml)
trap 'rm -f "$rendered"' EXIT
kustomize build kustomize/overlays/prod >"$rendered"
istioctl validate --filename "$rendered"
istioctl analyze --use-kube=false --failure-threshold Warning "$rendered"
