#!/usr/bin/env bash
# sbom.sh FOLDER : writes the bills of materials (CycloneDX, JSON) of the npm package and of the sandbox image
# to FOLDER. The image must be there (make image), and dist (make build).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=${1:?usage: sbom.sh FOLDER}
mkdir -p "$folder"
npm sbom --sbom-format cyclonedx --sbom-type application | node deploy/setup/shipped.mjs sbom >"$folder/npm.cdx.json"
image=${HOOKPOOL_IMAGE:-$(node dist/cli/main.js image)}
packages=$(mktemp "${TMPDIR:-/tmp}/hookpool-packages.XXXXXX")
trap 'rm -f "$packages"' EXIT
docker run --rm --network=none --log-driver=none --entrypoint=/bin/cat "$image" /opt/hookpool/packages >"$packages"
node deploy/setup/sbom.mjs "$packages" "$image" >"$folder/sandbox-image.cdx.json"
echo "==> $folder/npm.cdx.json, $folder/sandbox-image.cdx.json" >&2
