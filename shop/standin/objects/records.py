"""What happened, and what is on its way to the shop."""

from dataclasses import dataclass, field

from shop.standin.objects.wire import Json


@dataclass(slots=True)
class Event:
    id: str
    created: int
    type: str
    api_version: str
    snapshot: Json = field(default_factory=dict)
    # What a tester wrote over it.
    by_hand: Json = field(default_factory=dict)

    def public(self) -> Json:
        return {
            "id": self.id,
            "object": "event",
            "api_version": self.api_version,
            "created": self.created,
            "data": {"object": self.snapshot},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": self.type,
        } | self.by_hand


@dataclass(slots=True)
class Delivery:
    """One copy of an event on its way to the shop. Times are real seconds since 1970."""

    id: str
    event: str
    due: float
    give_up_at: float
    attempt: int = 0


@dataclass(slots=True)
class Replay:
    """The first answer under an idempotency key, given again to whoever repeats the call."""

    id: str
    created: int
    fingerprint: str
    status: int
    body: Json = field(default_factory=dict)
