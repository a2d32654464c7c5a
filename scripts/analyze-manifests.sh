#!/usr/bin/env bash
# What Istio itself says of production's manifests; Kubernetes' and other makers' schemas are a test's.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/build-manifest-tools.sh --istioctl
PATH=$PWD/node_modules/.cache/manifests:$PATH
rendered=$(mktemp --suffix .yaml)
trap 'rm -f "$rendered"' EXIT
kustomize build kustomize/overlays/prod >"$rendered"
istioctl validate --filename "$rendered"
istioctl analyze --use-kube=false --failure-threshold Warning "$rendered"
