#!/usr/bin/env bash
# Looks for secrets in all commits and in the files as they stand; .gitleaks.toml says what is none.
set -euo pipefail
cd "$(dirname "$0")/.."

bash scripts/build-gitleaks.sh
gitleaks=node_modules/.cache/gitleaks
"$gitleaks" git --no-banner --redact --verbose .
# What git does not ignore: not node_modules, nor what was built.
files=$(mktemp -d)
trap 'rm -rf "$files"' EXIT
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do if [ -f "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --create --null --files-from - | tar --extract --directory "$files"
"$gitleaks" dir --no-banner --redact --verbose --config .gitleaks.toml "$files"
