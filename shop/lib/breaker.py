"""Not asking again and again what does not answer: whoever asks would only wait with the others."""

import threading
import time


class Breaker:
    """Open after `patience` failures in a row; then one may ask every `rest` seconds until it answers.

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
            self._next = now + self.rest
            return True

    def answered(self) -> None:
        if self._failures:
            self._failures = 0

    def failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._next = time.monotonic() + self.rest
