#!/usr/bin/env bash
# Provides a base image: base-image.sh IMAGE [ARCHITECTURE]. Pulls it by its digest, or, if no registry is
# reachable, builds a substitute from Debian's and npm's packages, which has no such digest. Prints its
# name, which is IMAGE without a digest unless the architecture is foreign. The substitute has the same Node and Debian, but Debian's Redis.
set -euo pipefail

pinned=$1
image=${pinned%@*}
here=$(dpkg --print-architecture)
architecture=${2:-$here}
# Contents of the official Node image.
NPM=11.19.1

name=$image
[ "$architecture" = "$here" ] || name=localhost/$architecture/${image#*/}
if podman image exists "$name"; then
  echo "$name"
  exit
fi
if timeout 300 podman pull --quiet --platform "linux/$architecture" "$pinned" >/dev/null 2>&1; then
  podman tag "$pinned" "$name"
  echo "$name"
  exit
fi
echo "$image for $architecture cannot be pulled: made here" >&2
if ! command -v debootstrap >/dev/null || [ "$(id -u)" != 0 ]; then
  echo 'It needs root, and: apt-get install --no-install-recommends debootstrap' >&2
  exit 2
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
debian=localhost/$architecture/debian:trixie
if ! podman image exists "$debian"; then
  debootstrap --variant=minbase --arch="$architecture" trixie "$work/debian" \
    >"$work/log" 2>&1 || { tail "$work/log" >&2; exit 1; }
  rm -rf "$work"/debian/var/cache/apt/archives/*.deb "$work"/debian/var/lib/apt/lists/*
  tar -C "$work/debian" -c . | podman import --arch "$architecture" - "$debian" >/dev/null 2>&1
fi

build() { # of the Containerfile on standard input
  buildah bud --isolation chroot --network host --pull=never --platform "linux/$architecture" \
    --format docker --tag "$name" --file - "$work/context" >"$work/log" 2>&1 \
    || { tail "$work/log" >&2; exit 1; }
}
packed() { # package@version: where npm unpacked it
  (cd "$work" && tar -xzf "$(npm pack --silent "$1")" && mv package "$work/unpacked")
}

mkdir -p "$work/context/bin"
case $image in
  */node:*)
    version=${image##*:}
    packed "node-linux-${architecture/amd64/x64}@${version%%-*}"
    mv "$work/unpacked/bin/node" "$work/context/bin"
    rm -r "$work/unpacked"
    packed "npm@$NPM"
    mv "$work/unpacked" "$work/context/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$work/context/bin/npm"
    chmod +x "$work"/context/bin/node "$work"/context/npm/bin/npm-cli.js
    build <<END
FROM $debian
COPY bin /usr/local/bin
COPY npm /usr/local/lib/node_modules/npm
CMD ["node"]
END
    ;;
  */redis:*)
    build <<END
FROM $debian
RUN apt-get update \
 && apt-get install --yes --no-install-recommends redis-server \
 && rm -r /var/lib/apt/lists/*
WORKDIR /data
CMD ["redis-server"]
END
    ;;
  *)
    echo "It does not know how to make $image." >&2
    exit 2
    ;;
esac
echo "$name"
