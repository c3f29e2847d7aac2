"""What may go wrong on purpose. Switched at run time by `POST /_kit/config`."""

import dataclasses
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from shop.standin.errors import invalid, unknown

_chance = secrets.SystemRandom()


@dataclass
class Faults:
    """Chances are from 0 to 1, times are in milliseconds."""

    latency_ms: int = 0
    fail_before: float = 0.0
    fail_after: float = 0.0
    dup: float = 0.0
    reorder: float = 0.0
    drop: float = 0.0
    webhook_delay_ms: int = 0
    slow_webhook_ms: int = 30_000

    def set(self, changes: Mapping[str, object]) -> None:
        names = {field.name for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in names:
                raise unknown(name)
            _check(name, value)
        for name, value in changes.items():
            setattr(self, name, value)

    def latency_s(self) -> float:
        return self.latency_ms / 1000 * _chance.uniform(0.5, 1.5)

    def fails_before(self) -> bool:
        return _chance.random() < self.fail_before

    def fails_after(self) -> bool:
        return _chance.random() < self.fail_after

    def delays_s(self) -> list[float]:
        """Return one delay in seconds for each copy of an event: none, one or two."""
        first = self.webhook_delay_ms / 1000
        if _chance.random() < self.reorder:
            first += _chance.uniform(0.2, 1.5)
        delays = [] if _chance.random() < self.drop else [first]
        if _chance.random() < self.dup:
            delays.append(first + _chance.uniform(0, 0.5))
        return delays


def _check(name: str, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise invalid(name, f"{name} must be a number from 0 up")
    if not name.endswith("_ms") and value > 1:
        raise invalid(name, f"{name} is a chance from 0 to 1")
