"""Child processes that write to a log, die with us, and stop when told."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from shop.embedded import paths
from shop.lib.turns import die_with, take_short_turns

TOO_LONG = 5_000_000
# Where Linux keeps how a session yields to others. It may be told ten times a second by whoever is
# not the superuser.
SESSION_NICENESS = Path("/proc/self/autogroup")
ATTEMPTS, AGAIN_AFTER = 20, 0.1
COMPLAINTS = ("FATAL", "PANIC", "could not", "Bad file", "Can't", "rror")


@dataclass(frozen=True, kw_only=True)
class Child:
    """A program and the way it is stopped.

    `stop_signals` are sent one after the other, each `stop_seconds` before the next and before
    the kill. `rank`: the higher, the later it stops. `niceness`: the higher, the more it yields;
    `comes_between`: its turns are so short that it need not wait for those of others. `orphan_signal`
    comes when we die ourselves; without one the child outlives us.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_signals: Sequence[signal.Signals] = (signal.SIGTERM,)
    stop_seconds: float = 10
    orphan_signal: signal.Signals | None = signal.SIGTERM
    rank: int = 0
    niceness: int = 0
    comes_between: bool = False


def launch(child: Child, *, log: Path) -> subprocess.Popen[bytes]:
    """Start `child` in a session of its own, so that Ctrl-C reaches only the supervisor."""
    with log.open("ab") as stream:
        return subprocess.Popen(
            child.command,
            cwd=paths.PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, **child.environment},
            start_new_session=True,
            preexec_fn=partial(_settle, child, os.getpid()),  # noqa: PLW1509 — we have no threads
        )


def yield_to_others(niceness: int) -> None:
    """Be so much nicer, with all of one's session: where Linux shares out by session, a process is
    nice to those of its own alone."""
    nice = str(os.nice(niceness))
    for _attempt in range(ATTEMPTS):
        try:
            SESSION_NICENESS.write_text(nice)
        except BlockingIOError:
            time.sleep(AGAIN_AFTER)
        except OSError:
            return
        else:
            return


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End what a child left behind of its own children."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def rotate(log: Path) -> None:
    """Put a long log aside; one older one is kept."""
    if log.exists() and log.stat().st_size > TOO_LONG:
        log.replace(log.with_suffix(".old"))


def last_lines(log: Path, *, count: int = 12) -> str:
    """Return the end of a log, indented for the terminal."""
    return "\n".join(f"    {line}" for line in _end_of(log)[-count:])


def complaint(log: Path) -> str:
    """Return the last line of a server's log that names a fault."""
    lines = [line for line in _end_of(log) if any(word in line for word in COMPLAINTS)]
    text = lines[-1] if lines else f"see {log}"
    return text.rpartition("FATAL:")[2].rpartition("PANIC:")[2].strip()


def _end_of(log: Path) -> list[str]:
    try:
        with log.open("rb") as stream:
            stream.seek(max(0, log.stat().st_size - 16_384))
            return stream.read().decode(errors="replace").splitlines()
    except OSError:
        return []


def _settle(child: Child, parent: int) -> None:
    """Runs in the new process."""
    yield_to_others(child.niceness)
    if child.comes_between:
        take_short_turns()
    if child.orphan_signal is not None:
        die_with(parent, child.orphan_signal)
