"""Ends what outlives a supervisor that was killed: a small process of its own beside it.

The kernel tells every child when the supervisor is gone, but not every child obeys: a Celery
worker whose broker is gone as well never finishes its shutdown.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import IO, cast

GRACE_SECONDS = 5


class Guardian:
    """The supervisor's end of the line. The guardian acts when the line breaks."""

    def __init__(self) -> None:
        self.groups: set[int] = set()
        self.process: subprocess.Popen[str] | None = None

    def watch(self, group: int) -> None:
        self.groups.add(group)
        self._tell()

    def release(self, group: int) -> None:
        self.groups.discard(group)
        self._tell()

    def dismiss(self) -> None:
        """Let the guardian go; nothing is left to guard."""
        self.groups.clear()
        if self.process is not None:
            self._tell()
            self.process.communicate()
            self.process = None

    def _tell(self) -> None:
        if self.process is None or self.process.poll() is not None:
            # Isolated and without site packages: it starts in no time and depends on nothing.
            line = (sys.executable, "-I", "-S", __file__)
            self.process = subprocess.Popen(
                line,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
            )
        # A guardian that has just died is noticed, and replaced, the next time.
        with suppress(BrokenPipeError):
            stream = cast("IO[str]", self.process.stdin)
            stream.write(" ".join(map(str, self.groups)) + "\n")
            stream.flush()


def _main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: list[int] = []
    for line in sys.stdin:
        groups = [int(word) for word in line.split()]
    end = time.monotonic() + GRACE_SECONDS
    while groups and time.monotonic() < end:
        time.sleep(0.1)
        groups = [group for group in groups if _reaches(group, 0)]
    for group in groups:
        _reaches(group, signal.SIGKILL)


def _reaches(group: int, number: int) -> bool:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    _main()
