import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from shop.embedded import children
from shop.embedded.children import Child
from shop.embedded.errors import CannotStart, Stopped
from shop.embedded.supervisor import Supervisor
from tests.gone import is_gone

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


class Said(list[str]):
    """What the supervisor told the person at the terminal."""


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def supervisor(tmp_path: Path, said: Said) -> Iterator[Supervisor]:
    found = Supervisor(log_dir=tmp_path, say=said.append, first_pause=0.01)
    yield found
    found.stop()


def script(name: str, text: str, *, rank: int = 0, stop_seconds: float = 5) -> Child:
    command = (sys.executable, "-c", textwrap.dedent(text))
    return Child(name=name, command=command, rank=rank, stop_seconds=stop_seconds)


def is_up(supervisor: Supervisor, name: str) -> Callable[[], bool]:
    return lambda: "up" in supervisor.log(name).read_text()


def test_starts_a_killed_child_again(supervisor: Supervisor, said: Said) -> None:
    supervisor.start(script("web", SLEEPER))
    first = supervisor.watched["web"].process

    first.kill()
    supervisor.wait("", lambda: supervisor.watched["web"].process.pid != first.pid, seconds=10)

    assert supervisor.watched["web"].process.poll() is None
    assert said == ["web ended (SIGKILL); again in 0.01 s"]


def test_pauses_longer_each_time_and_shows_why(supervisor: Supervisor, said: Said) -> None:
    supervisor.start(script("web", "raise SystemExit('no key in the settings')"))

    supervisor.wait("", lambda: len(said) > 3, seconds=20)

    assert [line.rpartition("again in ")[2] for line in said[:3]] == ["0.01 s", "0.02 s", "0.04 s"]
    assert "no key in the settings" in said[3]


def test_gives_up_on_a_start_that_keeps_failing(supervisor: Supervisor, said: Said) -> None:
    supervisor.start(script("web", "raise SystemExit('no key in the settings')"))

    with pytest.raises(CannotStart, match=r"(?s)web does not start; .*no key in the settings"):
        supervisor.wait("web", lambda: False, seconds=20)

    assert said == []


def test_stops_those_who_use_a_server_before_the_server(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    order = tmp_path / "order"
    text = f"""
        import signal, sys, time
        def bow(*_):
            open({str(order)!r}, "a").write(sys.argv[0] + NAME)
            sys.exit()
        signal.signal(signal.SIGTERM, bow)
        {SLEEPER}
    """
    for name, rank in [("server ", 9), ("web ", 1)]:
        supervisor.start(script(name, text.replace("sys.argv[0] + NAME", repr(name)), rank=rank))
        supervisor.wait(name, is_up(supervisor, name), seconds=10)

    supervisor.stop()

    assert order.read_text() == "web server "


def test_kills_what_does_not_listen(supervisor: Supervisor) -> None:
    supervisor.start(script("web", STUBBORN, stop_seconds=0.1))
    supervisor.wait("web", is_up(supervisor, "web"), seconds=10)
    process = supervisor.watched["web"].process

    supervisor.stop()

    assert process.returncode == -signal.SIGKILL


def test_tells_the_last_lines_of_a_command_that_failed(supervisor: Supervisor) -> None:
    with pytest.raises(CannotStart, match=r"(?s)`migrate` failed; .*no such table"):
        supervisor.run(script("migrate", "raise SystemExit('no such table')"))


def test_can_be_stopped_while_it_still_prepares(supervisor: Supervisor) -> None:
    supervisor.asked_to_stop = True

    with pytest.raises(Stopped):
        supervisor.run(script("migrate", SLEEPER))


@pytest.mark.parametrize("text", [SLEEPER, STUBBORN], ids=["obedient", "stubborn"])
def test_children_end_when_their_supervisor_is_killed(tmp_path: Path, text: str) -> None:
    parent = f"""
        import sys, time
        from pathlib import Path
        from shop.embedded.children import Child
        from shop.embedded.supervisor import Supervisor
        supervisor = Supervisor(log_dir=Path({str(tmp_path)!r}), say=print)
        supervisor.start(Child(name="web", command=(sys.executable, "-c", {text!r})))
        supervisor.wait("web", lambda: "up" in supervisor.log("web").read_text())
        print(supervisor.watched["web"].process.pid, flush=True)
        time.sleep(60)
    """
    with subprocess.Popen(
        (sys.executable, "-c", textwrap.dedent(parent)), stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        orphan = int(supervisor.stdout.readline())
        supervisor.kill()

    end = time.monotonic() + 20
    while not is_gone(orphan) and time.monotonic() < end:
        time.sleep(0.02)

    assert is_gone(orphan)


def test_puts_a_long_log_aside(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.touch()
    os.truncate(log, children.TOO_LONG + 1)

    children.rotate(log)

    assert not log.exists()
    assert (tmp_path / "web.old").exists()


def test_a_child_that_yields_yields_with_all_of_its_session(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "autogroup"
    monkeypatch.setattr(children, "SESSION_NICENESS", told)

    supervisor.start(replace(script("tills", SLEEPER), niceness=1))
    supervisor.wait("tills", is_up(supervisor, "tills"), seconds=10)

    assert told.read_text() == str(os.nice(0) + 1)


def test_a_child_starts_where_sessions_cannot_yield(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "SESSION_NICENESS", tmp_path / "no" / "autogroup")

    supervisor.start(replace(script("tills", SLEEPER), niceness=1))

    supervisor.wait("tills", is_up(supervisor, "tills"), seconds=10)


def test_a_child_that_comes_between_takes_short_turns(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "turns"
    monkeypatch.setattr(children, "take_short_turns", told.touch)

    supervisor.start(replace(script("valkey", SLEEPER), comes_between=True))
    supervisor.wait("valkey", is_up(supervisor, "valkey"), seconds=10)

    assert told.exists()
