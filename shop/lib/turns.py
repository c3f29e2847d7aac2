"""How much of a processor a process gets, and how long it keeps it before others come in between."""

import ctypes
import os
import signal
import struct
import sys

# Of linux/sched/types.h: size, policy, flags, nice, priority, runtime, deadline, period.
ATTRIBUTES = struct.Struct("=IIQiIQQQ")
# sched_setattr by machine; the C library has no function for it before 2.41.
NUMBERS = {"x86_64": 314, "aarch64": 274}
SHORTEST = 100_000
PRCTL = ctypes.CDLL(None).prctl if sys.platform.startswith("linux") else None
PR_SET_PDEATHSIG = 1


def take_short_turns() -> None:
    """Of the calling thread and those it starts: ask for turns of a tenth of a millisecond.

    Whoever asks for shorter turns than the one who is running comes in between at once, and gets
    no more of the processor for it (Linux 6.12 and later; before, this does nothing).
    """
    number = NUMBERS.get(os.uname().machine)
    if number is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, 0)
    wish = ATTRIBUTES.pack(ATTRIBUTES.size, os.SCHED_OTHER, 0, nice, 0, SHORTEST, 0, 0)
    ctypes.CDLL(None).syscall(number, 0, ctypes.c_char_p(wish), 0)


def take_a_share(parent: int) -> None:
    """Of a process that was just forked: have a share of one's own instead of one with one's siblings.

    Linux shares out by session, and each backend of PostgreSQL is one. Who has left the group of the
    parent is not killed with it any more: so the kernel does that, as soon as the parent is gone.
    """
    die_with(parent, signal.SIGKILL)
    os.setsid()


def die_with(parent: int, orphan_signal: signal.Signals) -> None:
    """Of a process that was just forked: be sent this when the parent ends, by kill -9 as well.

    Only Linux has such a thing; elsewhere one outlives the parent.
    """
    if PRCTL is not None:
        PRCTL(PR_SET_PDEATHSIG, int(orphan_signal))
        if os.getppid() != parent:  # it ended before we asked
            os._exit(1)
