#!/usr/bin/env bash
# The one gate: `all` with the tests, `lint` without. The first step that fails ends it.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin

step() {
  local name=$1 began=$SECONDS
  shift
  printf '» %s\n' "$name"
  "$@" || { printf '✗ %s failed after %s s\n' "$name" $((SECONDS - began)) >&2; exit 1; }
}

# Production's settings with values that mean nothing: no check may need a running server.
production() {
  env -u DEMO -u DATA_DIR \
    SECRET_KEY="$(head -c 48 /dev/urandom | base64 | tr -d '\n')" \
    SITE_URL=https://shop.example ALLOWED_HOSTS=shop.example BEHIND_PROXY=1 \
    DATABASE_URL=postgresql://shop:secret@postgres:5432/shop REDIS_URL=redis://valkey:6379/0 \
    EMAIL_URL=smtp://mail.example:587 DEFAULT_FROM_EMAIL=shop@shop.example \
    STRIPE_SECRET_KEY=sk_live_checks STRIPE_WEBHOOK_SECRET=whsec_checks \
    STRIPE_API_BASE=https://api.stripe.com "$@"
}

quiet() {
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output"; return 1; }
}

templates() {
  find . \( -name '.?*' -o -name node_modules -o -name build \) -prune \
    -o -path '*/templates/*' -name '*.html' -print0 | xargs -0 -r "$@"
}

mode=${1:-all}
[[ $mode == lint ]] || step "programs the tests start" .ci/programs.sh
step "style (ruff check)" $bin/ruff check --quiet --output-format concise
step "format (ruff format)" $bin/ruff format --quiet --check
step "types (mypy)" production $bin/mypy --no-error-summary .
step "import contracts (lint-imports)" quiet $bin/lint-imports
step "known holes in what we use (audit)" $bin/python .ci/audit.py
step "holes in our own code (bandit)" quiet $bin/bandit -q -r accounts analytics catalog channels inventory loyalty marketing orders payments shipping shop support .ci docs --severity-level medium --confidence-level medium
step "templates (djade)" quiet templates $bin/djade --target-version 5.2 --check
step "templates (djhtml)" quiet templates $bin/djhtml --tabwidth 2 --check
step "templates (djlint)" quiet templates $bin/djlint --lint --quiet
step "settings for production (check --deploy)" quiet production $bin/python manage.py check --deploy --fail-level WARNING
step "migrations (makemigrations --check)" quiet production $bin/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
step "migrations while selling (lint_migrations)" quiet production $bin/python -W ignore::RuntimeWarning manage.py lint_migrations
[[ $mode == lint ]] || step "tests (pytest)" $bin/python -m pytest -n auto --quiet
