#!/usr/bin/env bash
# Bills of materials in CycloneDX: `npm run sbom -- FOLDER [IMAGE]`. Writes FOLDER/npm.cdx.json, the
# packages that the service needs to run, and, of an image that podman has, FOLDER/image.cdx.json,
# everything in it.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:?"npm run sbom -- FOLDER [IMAGE]"} image=${2:-}
mkdir -p "$folder"
npm sbom --sbom-format cyclonedx --sbom-type application --omit dev >"$folder/npm.cdx.json"
echo "$folder/npm.cdx.json"
[ -n "$image" ] || exit 0

bash scripts/build-syft.sh
archive=$(mktemp -d)
trap 'rm -rf "$archive"' EXIT
podman save --quiet --format oci-archive --output "$archive/image" "$image"
SYFT_CHECK_FOR_APP_UPDATE=false node_modules/.cache/syft scan --quiet \
  --source-name "$image" --output "cyclonedx-json=$folder/image.cdx.json" "oci-archive:$archive/image"
echo "$folder/image.cdx.json"
