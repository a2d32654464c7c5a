#!/usr/bin/env bash
# Builds the image as the deployment does, with the date of the commit for every file: build.sh RUNTIME TAG REVISION CA [buildah arguments].
set -euo pipefail
cd "$(dirname "$0")/../.."

runtime=$1 tag=$2 revision=$3 ca=$4
read -r version digest < <(node -p '
  `${require("./package.json").version} ${require("./model/catalog.json")["sst2-minilm"].digest}`')
nice buildah bud --isolation chroot --network host --pull=never --format docker \
  --timestamp "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}" \
  --secret "id=ca,src=$ca" \
  --build-arg RUNTIME="$runtime" --build-arg MODEL=sst2-minilm --build-arg MODEL_DIGEST="$digest" \
  --build-arg SOURCE=https://git.example/polarity --build-arg REVISION="$revision" \
  --build-arg VERSION="$version" \
  --file "${CONTAINERFILE:-Containerfile}" --tag "$tag" "${@:5}" .
