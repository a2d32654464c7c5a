#!/usr/bin/env bash
# Builds the tools that check the manifests: kustomize, kubeconform and the published schemas of all
# resources. Needs Go and Node; takes about a minute the first time. With --istioctl also istioctl, for
# `npm run manifests:analyze`: four minutes more.
source "$(dirname "$0")/go-tools.sh"

tools=$cache/manifests
build "$tools" kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
build "$tools" kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
if [ "${1:-}" = --istioctl ]; then
  # Istio's releases are not Go module versions; this is a pseudo-version of its main branch.
  build "$tools" istioctl istio.io/istio/istioctl/cmd/istioctl@v0.0.0-20260827124520-eed52ebb66ad
fi

[ -d "$tools/schemas" ] && exit
work=$(mktemp -d "$tools/schemas.XXXXXX")
trap 'rm -rf "$work"' EXIT
downloaded() { # module@version: where Go put it
  (cd "$tools" && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}
node scripts/json-schemas.mjs "$work" \
  "$(downloaded k8s.io/kubernetes@v1.34.2)"/api/openapi-spec/v3/{api__v1,apis__{apps,networking.k8s.io,policy}__v1,apis__autoscaling__v2}_openapi.json \
  "$(downloaded istio.io/api@v1.31.1)"/kubernetes/customresourcedefinitions.gen.yaml \
  "$(downloaded github.com/cert-manager/cert-manager@v1.21.2)"/deploy/crds/*.yaml \
  "$(downloaded github.com/prometheus-operator/prometheus-operator@v0.85.0)"/example/prometheus-operator-crd/*.yaml \
  "$(downloaded github.com/kserve/kserve@v0.16.0)"/config/crd/full/serving.kserve.io_{inferenceservices,servingruntimes}.yaml
# Moved into place only when complete.
mv "$work" "$tools/schemas"
