"""One thread at a time makes the same thing: the others wait for it, and find it made."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

# Whoever has waited so long makes it himself: the one before may hang.
SECONDS = 1.0


@dataclass
class _Turn:
    lock: Lock = field(default_factory=Lock)
    wanted_by: int = 0


_turns: dict[str, _Turn] = {}
_guard = Lock()


@contextmanager
def in_turn(name: str) -> Iterator[None]:
    """Wait for those of this process who make the thing of this name. Then it may be there: look again."""
    with _guard:
        turn = _turns.setdefault(name, _Turn())
        turn.wanted_by += 1
    has_lock = turn.lock.acquire(timeout=SECONDS)
    try:
        yield
    finally:
        if has_lock:
            turn.lock.release()
        with _guard:
            turn.wanted_by -= 1
            if not turn.wanted_by:
                del _turns[name]
