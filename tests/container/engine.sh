# Sourced by the scripts beside it: installs prerequisites, and creates $work, a temporary folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Programs from Debian packages of the same name. Missing ones are installed only in CI.
need() {
  local missing=() name
  for name in "$@"; do
    PATH=$PATH:/usr/sbin:/usr/lib/podman:/usr/libexec/podman command -v "$name" >/dev/null \
      || missing+=("${name/qemu-aarch64-static/qemu-user-static}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "${CI:-}" != true ]; then
    echo "It needs: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Root without systemd, as in a CI job: cgroups and resource limits are not set up.
settle() {
  [ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] && [ -z "${CONTAINERS_CONF:-}" ] || return 0
  export CONTAINERS_CONF=$work/containers.conf
  printf '%s\n' '[containers]' 'default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]' \
    '[engine]' 'runtime = "runc"' 'events_logger = "file"' 'cgroup_manager = "cgroupfs"' \
    >"$CONTAINERS_CONF"
}

# Every container writes its id into this folder; only those are removed.
clean() { # exit code
  local file
  for file in "$work"/ids/*; do
    [ ! -s "$file" ] || podman rm --force --time 0 "$(cat "$file")" >/dev/null 2>&1 || true
  done
  rm -rf "$work"
  exit "$1"
}

need podman buildah runc netavark aardvark-dns iptables
work=$(mktemp -d)
trap 'clean $?' EXIT
trap 'exit 130' INT TERM
mkdir "$work/ids"
settle
# Without digests, which images that are made here can't have: base-image.sh has pulled by them if it could.
unpinned() { sed -E 's/@sha256:[0-9a-f]{64}//' "$1"; }
export CONTAINERFILE=$work/Containerfile
unpinned Containerfile >"$CONTAINERFILE"
[ -d node_modules ] || npm ci --no-audit --no-fund
node=$(echo node_modules/node-linux-*/bin/node)
revision=$(git describe --always --abbrev=40 --exclude='*' --dirty)
