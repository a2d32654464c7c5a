#!/usr/bin/env bash
# Builds the tools that check the manifests: kustomize, kubeconform, helm, the published schemas of all
# resources, and the own checks of the API server and of Knative. Needs Go and Node; takes some minutes
# the first time. With --istioctl also istioctl, for `npm run manifests:analyze`: four minutes more.
source "$(dirname "$0")/go-tools.sh"

tools=$cache/manifests
build "$tools" kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0
build "$tools" kustomize sigs.k8s.io/kustomize/kustomize/v5@v5.8.1
build "$tools" helm helm.sh/helm/v4/cmd/helm@v4.3.1
if [ "${1:-}" = --istioctl ]; then
  # Istio's releases are not Go module versions; this is a pseudo-version of its main branch.
  build "$tools" istioctl istio.io/istio/istioctl/cmd/istioctl@v0.0.0-20260827124520-eed52ebb66ad
fi

# The own code of the API server and of Knative's webhook, as programs of this repository.
for program in apiserver knative; do
  if [ ! -x "$tools/$program" ] || [ -n "$(find "scripts/$program" -newer "$tools/$program")" ]; then
    (cd "scripts/$program" && go build -ldflags='-s -w' -o "$tools/$program" .)
  fi
done

kubernetes=k8s.io/kubernetes@v1.34.2
istio=istio.io/api@v1.31.1
cert_manager=github.com/cert-manager/cert-manager@v1.21.2
prometheus=github.com/prometheus-operator/prometheus-operator@v0.85.0
kserve=github.com/kserve/kserve@v0.16.0
knative=knative.dev/serving@v0.51.0
keda=github.com/kedacore/keda/v2@v2.21.0
keda_http=github.com/kedacore/http-add-on@v0.12.0
container_apps=@azure/arm-appcontainers@3.0.0
versions="batch $kubernetes $istio $cert_manager $prometheus $kserve $knative $keda $keda_http $container_apps"

[ "$(cat "$tools/versions" 2>/dev/null)" = "$versions" ] && exit
work=$(mktemp -d "$tools/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
downloaded() { # module@version: where Go put it
  (cd "$tools" && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}
published=(
  "$(downloaded "$kubernetes")"/api/openapi-spec/v3/{api__v1,apis__{apps,batch,networking.k8s.io,policy}__v1,apis__autoscaling__v2}_openapi.json
  "$(downloaded "$istio")"/kubernetes/customresourcedefinitions.gen.yaml
  "$(downloaded "$cert_manager")"/deploy/crds/*.yaml
  "$(downloaded "$prometheus")"/example/prometheus-operator-crd/*.yaml
  "$(downloaded "$kserve")"/config/crd/full/serving.kserve.io_{inferenceservices,servingruntimes}.yaml
  "$(downloaded "$knative")"/config/core/300-resources/service.yaml
  "$(downloaded "$keda")"/config/crd/bases/keda.sh_scaledobjects.yaml
  "$(downloaded "$keda_http")"/config/crd/bases/http.keda.sh_httpscaledobjects.yaml
)
node scripts/json-schemas.mjs "$work/schemas" "${published[@]}"
mkdir "$work/api"
for file in "${published[@]}"; do
  # Two of them may have the same name.
  cp "$file" "$work/api/$(basename "$(dirname "$file")")-$(basename "$file")"
done
# What KEDA's triggers may be told, and the fields of Azure Container Apps as Azure's own client has them.
cp "$(downloaded "$keda")/schema/generated/scalers-schema.json" "$work/schemas"
archive=$(cd "$work" && npm pack --silent "$container_apps")
tar -xzf "$work/$archive" -C "$work" package/dist/esm/models/mappers.js
mv "$work/package/dist/esm/models/mappers.js" "$work/schemas/container-apps.mjs"
# Moved into place only when complete.
rm -rf "$tools/schemas" "$tools/api"
mv "$work/schemas" "$work/api" "$tools"
echo "$versions" >"$tools/versions"
