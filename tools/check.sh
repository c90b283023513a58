#!/usr/bin/env bash
# Everything a machine can judge without running the suite. All steps run; the end names those
# that failed.
set -uo pipefail

cd "$(dirname "$0")/.." || exit
PATH="$PWD/.venv/bin:$PATH"
failed=()

step() {
  local title=$1
  shift
  printf '\033[1m· %s\033[0m\n' "$title"
  "$@" || failed+=("$title")
}

# The settings of a real installation, in a folder of its own: HTTPS, a long key, a signer named.
in_production() {
  local folder status=0
  folder=$(mktemp -d)
  echo "looked for, not opened" | tee "$folder/signer.p12" >"$folder/signer.passphrase"
  env -u HENG_DEMO -u DEBUG -u DATABASE_URL HENG_VAR="$folder" HENG_SITE=https://heng.example \
    ALLOWED_HOSTS=heng.example CSRF_TRUSTED_ORIGINS=https://heng.example \
    HENG_SIGNER=workflows.documents.signing.Pkcs12Signer HENG_SIGNER_P12="$folder/signer.p12" \
    HENG_SIGNER_PASSPHRASE_FILE="$folder/signer.passphrase" \
    SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
    "$@" || status=$?
  rm -rf "$folder"
  return $status
}

step "format" ruff format --check --quiet
step "lint" ruff check --quiet
step "templates" djlint --lint --quiet forms workflows
step "types" mypy
step "imports" lint-imports --no-logo --cache-dir .cache/imports
step "settings of a real installation" in_production python manage.py check --deploy --fail-level WARNING
step "migrations" in_production python manage.py makemigrations --check --dry-run
step "translations" python tools/messages.py check

if [ ${#failed[@]} != 0 ]; then
  printf '\nnot in order: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
printf '\nall in order\n'
