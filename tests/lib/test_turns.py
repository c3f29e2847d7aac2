"""Who asks for short turns gets them, and stays as nice as before."""

import ctypes
import os
import platform
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop.lib import serving, turns
from tests.gone import is_gone

# sched_getattr by machine, as turns.NUMBERS.
GET = {"x86_64": 315, "aarch64": 275}
# Before, Linux knows no turns of one's own, and none are asked for.
KNOWS_TURNS = tuple(map(int, platform.release().split(".")[:2])) >= (6, 12)


def attributes():
    """Of this thread: (size, policy, flags, nice, priority, runtime, deadline, period)."""
    told = ctypes.create_string_buffer(turns.ATTRIBUTES.size)
    number = GET[platform.machine()]
    assert ctypes.CDLL(None).syscall(number, 0, told, len(told), 0) == 0
    return turns.ATTRIBUTES.unpack(told.raw)


def in_a_thread(work):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_a_thread_and_those_it_starts_take_short_turns():
    def work():
        turns.take_short_turns()
        return attributes(), in_a_thread(attributes)

    usual = in_a_thread(attributes)
    for one in in_a_thread(work):
        assert one[1] == os.SCHED_OTHER
        assert one[5] == (turns.SHORTEST if KNOWS_TURNS else usual[5])


def test_nobody_gets_nicer_by_it():
    def work():
        os.setpriority(os.PRIO_PROCESS, 0, 3)
        turns.take_short_turns()
        return os.getpriority(os.PRIO_PROCESS, 0)

    assert in_a_thread(work) == 3


def test_a_machine_that_is_not_known_is_left_alone(monkeypatch):
    monkeypatch.setattr(turns, "NUMBERS", {})

    before = os.sched_getscheduler(0)
    turns.take_short_turns()

    assert os.sched_getscheduler(0) == before


@pytest.mark.parametrize(("tills", "asks"), [("", ["a share", "turns"]), ("1", [])])
def test_pages_come_in_between_and_tills_do_not(monkeypatch, tills, asks):
    asked = []
    monkeypatch.setenv("TILLS", tills)
    monkeypatch.setattr(serving, "take_short_turns", lambda: asked.append("turns"))
    monkeypatch.setattr(serving, "take_a_share", lambda _parent: asked.append("a share"))
    monkeypatch.setattr(serving.ThreadWorker, "init_process", lambda _worker: None)

    worker = serving.Worker.__new__(serving.Worker)
    worker.ppid = os.getppid()
    worker.init_process()

    assert asked == asks


def test_who_takes_a_share_is_a_session_of_his_own_and_dies_with_his_parent():
    """A parent whose child takes a share, tells so, and would stay for good."""
    family = (
        "import os, signal\n"
        "from shop.lib.turns import take_a_share\n"
        "parent, (told, tell) = os.getpid(), os.pipe()\n"
        "if os.fork() == 0:\n"
        "    take_a_share(parent)\n"
        "    os.write(tell, f'{os.getpid()} {os.getsid(0)}'.encode())\n"
        "    signal.pause()\n"
        "print(os.read(told, 100).decode(), flush=True)\n"
        "signal.pause()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", family], stdout=subprocess.PIPE, text=True
    ) as parent:
        child, session = map(int, parent.stdout.readline().split())
        lived = not is_gone(child)
        parent.kill()

    assert child == session
    assert lived
    until = time.monotonic() + 30
    while not is_gone(child):
        assert time.monotonic() < until
        time.sleep(0.05)
