#!/usr/bin/env bash
# The tests drive Debian's Chromium, and open the shop behind its Caddy and PgBouncer. Says what to install when one is missing.
set -euo pipefail
missing=()
[[ -x /usr/bin/chromium ]] || missing+=(chromium fonts-liberation)
for name in caddy pgbouncer; do
  PATH="$PATH:/usr/sbin" command -v "$name" >/dev/null || missing+=("$name")
done
((${#missing[@]})) || exit 0
echo "The tests need what is missing here: install it with apt-get install ${missing[*]}, or run .ci/run as root." >&2
exit 1
