#!/usr/bin/env bash
# The browser tests drive Debian's Chromium. Says what to install when it is missing.
set -euo pipefail
[[ -x /usr/bin/chromium ]] && exit 0
echo "The browser tests need /usr/bin/chromium: install it with apt-get install chromium fonts-liberation, or run .ci/run as root." >&2
exit 1
