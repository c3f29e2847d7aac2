"""Not asking again and again what does not answer: whoever asks would only wait with the others."""

import threading
import time

# So many rests after the last failure it is forgotten: a crowd that comes to a process which had
# nothing to do since would otherwise wait for the one who tries.
FORGOTTEN = 30


class Breaker:
    """Open after `patience` failures in a row; then one may ask every `rest` seconds until it answers.

    What nobody has asked for FORGOTTEN rests may be asked by all again.

    Each process has its own: what guards against a silent server must not need another one.
    """

    def __init__(self, *, patience: int, rest: float) -> None:
        self.patience = patience
        self.rest = rest
        self._failures = 0
        self._next = 0.0
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._failures >= self.patience

    def may_ask(self) -> bool:
        """Whether the caller may ask now. While it is open, asking is a trial, and takes the turn."""
        if not self.is_open:
            return True
        with self._lock:
            now = time.monotonic()
            if now < self._next:
                return False
            if now > self._next + FORGOTTEN * self.rest:
                self._failures = 0
            self._next = now + self.rest
            return True

    def answered(self) -> None:
        if self._failures:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._next = time.monotonic() + self.rest
