"""What every call works with: the memory, the faults, the courier and the clock."""

import secrets
import time
from dataclasses import dataclass, field

from shop.standin.faults import Faults
from shop.standin.holds import Holds
from shop.standin.objects import Event, Json, Resource
from shop.standin.store import Store
from shop.standin.terms import Terms
from shop.standin.webhooks import Courier

API_VERSION = "2026-10-28.endive"


@dataclass
class Desk:
    store: Store
    faults: Faults
    courier: Courier
    public_url: str
    # Moved by `POST /_kit/advance`, so that a day passes in no time.
    clock_ahead_s: int = 0
    calls: int = 0
    terms: Terms = field(default_factory=Terms)
    holds: Holds = field(default_factory=Holds)
    # What a new refund is: succeeded at once, or pending until the kit says how it ends.
    new_refunds: str = "succeeded"
    # Idempotency keys whose first call is still at work.
    busy_keys: set[str] = field(default_factory=set)

    def now(self) -> int:
        """Return the stand-in's time in whole seconds since 1970."""
        return int(time.time()) + self.clock_ahead_s

    def announce(self, kind: str, about: Resource, *, late_s: float = 0.0) -> Event:
        """Record an event with a picture of the object as it is now, and send it."""
        return self.publish(kind, about.public(), late_s=late_s)

    def publish(
        self, kind: str, snapshot: Json, *, late_s: float = 0.0, by_hand: Json | None = None
    ) -> Event:
        given = by_hand or {}
        event = Event(
            id=str(given.get("id") or new_id("evt")),
            created=self.now(),
            type=kind,
            api_version=API_VERSION,
            snapshot=snapshot,
            by_hand=given,
        )
        self.store.save(event)
        for delay_s in self.faults.delays_s():
            self.courier.post(event, delay_s=delay_s + late_s)
        return event


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"
