"""How long a process keeps a processor before Linux looks who else wants it."""

import ctypes
import os
import struct

# Of linux/sched/types.h: size, policy, flags, nice, priority, runtime, deadline, period.
ATTRIBUTES = struct.Struct("=IIQiIQQQ")
# sched_setattr by machine; the C library has no function for it before 2.41.
NUMBERS = {"x86_64": 314, "aarch64": 274}
SHORTEST = 100_000


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
