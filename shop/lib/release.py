"""Which release of the shop this is."""

import tomllib
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


@cache
def release() -> str:
    """The version in pyproject.toml."""
    with PROJECT.open("rb") as stream:
        return str(tomllib.load(stream)["project"]["version"])
