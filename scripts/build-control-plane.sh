#!/usr/bin/env bash
# Builds a control plane for `npm run manifests:apply`: etcd, kube-apiserver, kube-controller-manager,
# kube-scheduler and kubectl, of the versions in scripts/control-plane/go.mod. Needs Go; ten minutes on
# two cores the first time, and 3 GB for Go's caches.
source "$(dirname "$0")/go-tools.sh"

tools=$cache/control-plane
cd scripts/control-plane
mkdir -p "$tools"

version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
IFS=. read -r major minor _ <<<"${version#v}"
# Without these the API server calls itself v0.0.0, and clients of other versions refuse to talk to it.
variables=k8s.io/component-base/version
flags="-s -w -X $variables.gitVersion=$version -X $variables.gitMajor=$major -X $variables.gitMinor=$minor"

program() { # name, package: unless it is there, from the versions of today
  [ -x "$tools/$1" ] && [ "$tools/$1" -nt go.sum ] && return
  # Moved into place only when complete, as a program that runs can't be written to.
  go build -ldflags="$flags" -o "$tools/$1.new" "$2"
  mv "$tools/$1.new" "$tools/$1"
}
program etcd go.etcd.io/etcd/server/v3
program kubectl k8s.io/kubernetes/cmd/kubectl
program kube-scheduler k8s.io/kubernetes/cmd/kube-scheduler
program kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver
program kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager
