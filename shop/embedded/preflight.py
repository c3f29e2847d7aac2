"""What is looked at before anything starts, so that trouble is one sentence and not a traceback."""

import os
import shutil
import socket
import stat
from pathlib import Path

from shop.embedded.errors import CannotStart

HOST = "127.0.0.1"
FREE_MEGABYTES = 500


def usable_folder(folder: Path) -> None:
    """Create `folder` when it is missing and write into it once.

    Raises CannotStart when it cannot be made or written.
    """
    probe = folder / ".writable"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written ({error.strerror}): "
            "choose another one with DATA_DIR=/some/folder make demo."
        ) from error


def free_space(folder: Path, *, megabytes: int = FREE_MEGABYTES) -> None:
    """Raise CannotStart when less than `megabytes` are free where `folder` lies."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < megabytes:
        raise CannotStart(
            f"Only {free} MB are free on the disk of {folder} and the shop needs {megabytes} MB: "
            "make room, or choose another disk with DATA_DIR=/some/folder make demo."
        )


def port_number(text: str) -> int:
    """Return the port `text` names; raise CannotStart when it names none."""
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 1 <= number <= 65_535:
        raise CannotStart(
            f"PORT={text} is not a port: choose a number from 1024 to 65535, as in PORT=8010 make demo."
        )
    return number


def free_port(port: int) -> None:
    """Raise CannotStart when nobody can listen on `port`."""
    if not can_listen(port):
        suggestion = port + 10 if 1024 <= port <= 65_000 else 8010
        raise CannotStart(
            f"Port {port} on {HOST} is taken or not allowed: "
            f"choose another one with PORT={suggestion} make demo."
        )


def can_listen(port: int) -> bool:
    """Say whether `port` is free on this machine; 0 is."""
    with socket.socket() as attempt:
        # As the web server does: a port that only lingers after its last owner counts as free.
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError:
            return False
    return True


def port_near(port: int) -> int:
    """Return the port after `port`, or any free one when that is taken."""
    if port < 65_535 and can_listen(port + 1):
        return port + 1
    with socket.socket() as attempt:
        attempt.bind((HOST, 0))
        number: int = attempt.getsockname()[1]
        return number


def private_folder(folder: Path) -> None:
    """Create `folder` for this user alone.

    /tmp belongs to everybody: raises CannotStart when somebody else made the folder first.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise CannotStart(f"{folder} belongs to somebody else: remove it, then start again.")
    folder.chmod(0o700)
