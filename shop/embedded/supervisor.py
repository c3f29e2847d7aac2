"""Keeps children running: starts them again with growing pauses, stops them in order."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from shop.embedded import children
from shop.embedded.children import Child
from shop.embedded.errors import CannotStart, Stopped
from shop.embedded.guardian import Guardian

TICK = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
HEALTHY_AFTER = 30.0
# Deaths in a row after which the log's end is shown; once per row of deaths.
WORTH_TELLING = 3


@dataclass
class Watched:
    """A child, its process, and how often it died in a row."""

    child: Child
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    due: float | None = None


class Supervisor:
    """Starts children, watches them and stops them; `log_dir` takes one log per child."""

    def __init__(
        self, *, log_dir: Path, say: Callable[[str], None], first_pause: float = FIRST_PAUSE
    ) -> None:
        self.log_dir = log_dir
        self.say = say
        self.first_pause = first_pause
        self.asked_to_stop = False
        self.awaited = ""
        self.watched: dict[str, Watched] = {}
        self.guardian = Guardian()

    def listen(self) -> None:
        """Let Ctrl-C, SIGTERM and a closed terminal ask for the stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)

    def log(self, name: str) -> Path:
        return self.log_dir / f"{name}.log"

    def start(self, child: Child) -> None:
        """Start `child` and watch it from now on."""
        children.rotate(self.log(child.name))
        self.watched[child.name] = Watched(child, self._launch(child), time.monotonic())

    def run(self, child: Child) -> None:
        """Run `child` to its end. Raises CannotStart with its last lines when it fails."""
        process = children.launch(child, log=self.log(child.name))
        try:
            while process.poll() is None:
                self.pause()
        except Stopped:
            _end_in_order([(process, child)])
            raise
        if process.returncode != 0:
            raise CannotStart(self._last_words(child.name, f"`{child.name}` failed"))

    def wait(self, name: str, until: Callable[[], bool], *, seconds: float = 60) -> None:
        """Tend the children until `until` holds.

        Raises CannotStart with the last lines of `name` after `seconds`, or when it keeps ending.
        """
        self.awaited = name
        end = time.monotonic() + seconds
        while not until():
            if time.monotonic() > end or self._keeps_dying(name):
                raise CannotStart(self._last_words(name, f"{name} does not start"))
            self.tend()
            self.pause()
        self.awaited = ""

    def watch(self) -> None:
        """Tend the children until somebody asks to stop."""
        while not self.asked_to_stop:
            self.tend()
            time.sleep(4 * TICK)

    def tend(self) -> None:
        """Look after every child once: note deaths, start again what is due."""
        for watched in self.watched.values():
            if watched.due is not None:
                self._restart_when_due(watched)
            elif watched.process.poll() is not None:
                self._note_death(watched)

    def stop(self) -> None:
        """Stop everything: those who use a server before the server."""
        for rank in sorted({each.child.rank for each in self.watched.values()}):
            peers = [each for each in self.watched.values() if each.child.rank == rank]
            _end_in_order([(each.process, each.child) for each in peers])
        self.watched.clear()
        self.guardian.dismiss()

    def pause(self) -> None:
        """Wait a moment. Raises Stopped when somebody asked to stop."""
        if self.asked_to_stop:
            raise Stopped
        time.sleep(TICK)

    def _note_signal(self, _number: int, _frame: object) -> None:
        self.asked_to_stop = True

    def _note_death(self, watched: Watched) -> None:
        children.kill_group(watched.process)
        self.guardian.release(watched.process.pid)
        lived = time.monotonic() - watched.started
        watched.deaths = 1 if lived > HEALTHY_AFTER else watched.deaths + 1
        pause = min(self.first_pause * 2 ** (watched.deaths - 1), LONGEST_PAUSE)
        watched.due = time.monotonic() + pause
        name = watched.child.name
        if name == self.awaited:
            return
        self.say(f"{name} ended ({_ending(watched.process.returncode)}); again in {pause:g} s")
        if watched.deaths == WORTH_TELLING:
            self.say(self._last_words(name, f"{name} keeps ending"))

    def _restart_when_due(self, watched: Watched) -> None:
        if watched.due is None or time.monotonic() < watched.due:
            return
        watched.process = self._launch(watched.child)
        watched.started, watched.due = time.monotonic(), None

    def _launch(self, child: Child) -> subprocess.Popen[bytes]:
        process = children.launch(child, log=self.log(child.name))
        if child.orphan_signal is not None:
            self.guardian.watch(process.pid)
        return process

    def _keeps_dying(self, name: str) -> bool:
        watched = self.watched.get(name)
        return watched is not None and watched.deaths >= WORTH_TELLING

    def _last_words(self, name: str, what: str) -> str:
        log = self.log(name)
        return f"{what}; the last lines of {log}:\n{children.last_lines(log)}"


def _end_in_order(peers: Sequence[tuple[subprocess.Popen[bytes], Child]]) -> None:
    """Tell all `peers` at once, then wait for each; whoever does not listen is killed."""
    for process, child in peers:
        _signal(process, child.stop_signals[0])
    for process, child in peers:
        for number in (*child.stop_signals[1:], signal.SIGKILL):
            if _ended(process, child.stop_seconds):
                break
            _signal(process, number)
        process.wait()
        children.kill_group(process)


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _ended(process: subprocess.Popen[bytes], seconds: float) -> bool:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
