"""The words of stock: why something changes, what came of it, and when the answer is no."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import Backorder, Shortage, StockItem, StockMovement
from shop.lib.errors import Refused


class OutOfStock(Refused):
    """Raised by allocate() when lines run short; nothing was taken."""

    def __init__(self, short: Mapping[int, int]) -> None:
        super().__init__(_("Some of this has sold out in the meantime."))
        # variant id -> units that are left
        self.short = dict(short)


class StockRefused(Refused):
    """Raised when a change would promise or remove more than there is."""


@dataclass(frozen=True, slots=True)
class Why:
    """The reason that goes with a change."""

    kind: StockMovement.Kind
    now: dt.datetime
    reference: str = ""
    reason: str = ""
    actor: User | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch as its label says it. Without a code: found without a label."""

    code: str = ""
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Where an order goes. place: the id of the only location it may come from, if there is one."""

    country: str = ""
    postcode: str = ""
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Shopper:
    """Whose reservations count as his, for who knows of which variants he has any."""

    holder: UUID
    variants: frozenset[int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a change of shelves is to pages, as whoever has them locked knows.

    unseen: variants of which pages say what they said before: more is left than they call few, or
    all of it had been kept for the buyer. freed: so many of one came back at most. bundles: what is
    sold with one of the variants in it.
    """

    unseen: Collection[int] = ()
    freed: int = 0
    bundles: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Promised:
    """What an order was promised: what comes later of it."""

    backorders: list[Backorder] = field(default_factory=list)
    shown: Shown = field(default_factory=Shown)


@dataclass(frozen=True, slots=True)
class Left:
    """What left with a parcel. cost: in the books' currency."""

    variant_ids: list[int]
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Changed:
    """A stock item after a change, how it moved, and who lost units by it."""

    item: StockItem
    movements: list[StockMovement] = field(default_factory=list)
    shortages: list[Shortage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Filled:
    """Units that a holder waited for and has now. left: what he still waits for."""

    holder: UUID
    variant_id: int
    units: int
    left: int
