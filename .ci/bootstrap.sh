#!/bin/sh
# Makes .venv from uv.lock and does nothing when it is up to date.
# "shop": what the shop needs to run; "tools": also what its developers need.
set -eu
cd "$(dirname "$0")/.."
level=${1:-tools}
export UV_PYTHON_DOWNLOADS=never
# A virtual environment somebody happens to stand in is not ours to fill.
unset VIRTUAL_ENV UV_PROJECT_ENVIRONMENT

say() { printf '%s\n' "$*" >&2; }
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

lock=$(cksum uv.lock pyproject.toml)
made_from() { [ "$(cat ".venv/.made-for-$1" 2>/dev/null)" = "$lock" ]; }
if recent .venv/bin/python && { made_from tools || made_from "$level"; }; then exit 0; fi

python=
for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
  if recent "$candidate"; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  say "Mercer needs Python 3.11 or newer, and this machine has $(python3 --version 2>/dev/null || echo none)."
  exit 1
fi

private_uv() {
  if [ ! -x .uv/bin/uv ]; then
    rm -rf .uv
    if "$python" -m venv .uv 2>/dev/null; then
      .uv/bin/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<1" >&2
    else
      # Debian keeps venv in a package of its own.
      "$python" -m pip install --quiet --disable-pip-version-check --target .uv "uv>=0.9,<1" >&2
    fi || { rm -rf .uv; say "uv could not be installed: install it (https://docs.astral.sh/uv/), or python3-venv and python3-pip."; return 1; }
  fi
}

sync() {
  # An environment that stands keeps its interpreter.
  recent .venv/bin/python || set -- "$@" --python "$python"
  if [ "$level" = tools ]; then "$@" --all-extras; else "$@" --inexact --no-group dev; fi
}

say "Installing what uv.lock names into .venv …"
if ! uv --version >/dev/null 2>&1 || ! sync uv sync --locked --quiet; then
  private_uv && sync .uv/bin/uv sync --locked --quiet || { say "The packages could not be installed; the lines above say why."; exit 1; }
fi
rm -f .venv/.made-for-*
printf '%s' "$lock" >".venv/.made-for-$level"
