#!/usr/bin/env bash
# Builds the tools that check the manifests: kustomize, kubeconform, the published schemas of all
# resources, and the API server's own checks. Needs Go and Node; takes some minutes the first time. With --istioctl also istioctl, for
# `npm run manifests:analyze`: four minutes more.
source "$(dirname "$0")/go-tools.sh"

tools=$cache/manifests
build "$tools" kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
build "$tools" kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
if [ "${1:-}" = --istioctl ]; then
  # Istio's releases are not Go module versions; this is a pseudo-version of its main branch.
  build "$tools" istioctl istio.io/istio/istioctl/cmd/istioctl@v0.0.0-20260827124520-eed52ebb66ad
fi

# The API server's own code, as a program of this repository.
if [ ! -x "$tools/apiserver" ] || [ -n "$(find scripts/apiserver -newer "$tools/apiserver")" ]; then
  (cd scripts/apiserver && go build -ldflags='-s -w' -o "$tools/apiserver" .)
fi

[ -d "$tools/schemas" ] && [ -d "$tools/api" ] && exit
work=$(mktemp -d "$tools/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
downloaded() { # module@version: where Go put it
  (cd "$tools" && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}
published=(
  "$(downloaded k8s.io/kubernetes@v1.34.2)"/api/openapi-spec/v3/{api__v1,apis__{apps,networking.k8s.io,policy}__v1,apis__autoscaling__v2}_openapi.json
  "$(downloaded istio.io/api@v1.31.1)"/kubernetes/customresourcedefinitions.gen.yaml
  "$(downloaded github.com/cert-manager/cert-manager@v1.21.2)"/deploy/crds/*.yaml
  "$(downloaded github.com/prometheus-operator/prometheus-operator@v0.85.0)"/example/prometheus-operator-crd/*.yaml
  "$(downloaded github.com/kserve/kserve@v0.16.0)"/config/crd/full/serving.kserve.io_{inferenceservices,servingruntimes}.yaml
)
node scripts/json-schemas.mjs "$work/schemas" "${published[@]}"
mkdir "$work/api"
cp "${published[@]}" "$work/api"
# Moved into place only when complete.
rm -rf "$tools/schemas" "$tools/api"
mv "$work/schemas" "$work/api" "$tools"
