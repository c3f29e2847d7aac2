"""The processes of a running shop, and how they die."""

import os
import signal
from contextlib import suppress
from pathlib import Path

from shop.embedded import paths


class Victims:
    def __init__(self, house):
        self.mine = f"DATA_DIR={house.data_dir}".encode()
        self.data_dir = house.data_dir

    def web(self):
        return self._found(b"shop.wsgi")

    def worker(self):
        return self._found(b"worker@%h")

    def provider(self):
        """What speaks Stripe's protocol here."""
        return self._found(b"standin")

    def broker(self):
        # It writes its address over its command line, and over its environment.
        address = os.fsencode(paths.valkey_socket(self.data_dir))
        return [pid for pid in _all() if address in b" ".join(_command(pid))]

    def database(self):
        """The server's main process."""
        folder = os.fsencode(self.data_dir / "postgres")
        return [pid for pid in self._found(b"-D") if folder in _command(pid)]

    def supervisor(self):
        """Who starts again whatever dies."""
        return [_parent(self.web()[0])]

    def backends(self):
        """Its processes that serve the shop's connections."""
        parents = set(self.database())
        found = [pid for pid in _all() if _parent(pid) in parents]
        return [pid for pid in found if b"[local]" in b" ".join(_command(pid))]

    def kill(self, pids):
        """Kill -9; a child's parent before the child, so that nobody is told."""
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(pids)

    def _found(self, word):
        """The oldest first, which is the parent of the others."""
        return [
            pid
            for pid in _all()
            if any(word in part for part in _command(pid)) and self._is_mine(pid)
        ]

    def _is_mine(self, pid):
        with suppress(OSError):
            return self.mine in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        return False


def _all():
    return sorted(int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())


def _command(pid):
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return []


def _parent(pid):
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0
