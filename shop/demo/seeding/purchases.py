"""What the demo shop bought: orders that came, one that came in part, one on its way."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from catalog.models import ExchangeRate
from inventory.models import PurchaseOrder, Supplier, SupplierOffer
from inventory.services import purchases
from inventory.services.purchase_terms import Terms, set_terms
from inventory.services.purchases import Wanted
from inventory.services.receipts import Came, Delivery
from inventory.services.stock import default_location
from shop.outbox.models import Message
from shop.processes.replenishment import ordering, receiving

LINES = 6
SHOWPIECE = "foot-ring-mug"
# What a euro was worth when all this began.
OLDEST = 200


@dataclass(frozen=True, slots=True)
class Past:
    """An order of days ago; it came so many days after (None: not yet), this share of each line."""

    ago: int
    came_after: int | None
    share: Decimal = Decimal(1)
    rejected: int = 0


# By supplier: one is punctual, one is late, one sends less than was ordered.
STORY = {
    "penrith": [Past(130, 12), Past(61, 11), Past(5, None)],
    "olaria-norte": [Past(120, 33), Past(70, 26, rejected=1), Past(20, None)],
    "weft-mill": [Past(95, 24, Decimal("0.8")), Past(40, 17)],
    "hinode": [Past(80, 9), Past(30, 8), Past(11, 9, Decimal("0.5"))],
    "riso-press": [Past(50, 6), Past(3, None)],
}
FREIGHT = {"olaria-norte": Decimal("48.00"), "penrith": Decimal("18.50")}
DUTY = {"olaria-norte": Decimal("21.00")}


def fill(*, now: dt.datetime) -> int:
    """Order and receive as the shop would have. Returns the number of orders."""
    count = 0
    begun = now - dt.timedelta(days=OLDEST)
    ExchangeRate.objects.create(base="EUR", quote="GBP", rate="0.85", at=begun, source="demo")
    for code, story in STORY.items():
        supplier = Supplier.objects.get(code=code)
        offers = list(_bought_lately(supplier))
        for number, past in enumerate(story):
            chosen = offers[number * LINES : (number + 1) * LINES] or offers[:LINES]
            _order(supplier, chosen, past, now)
            count += 1
    # Owed since then, in a shop that began today.
    Message.objects.filter(created_at__lt=now).update(created_at=now, due_at=now)
    return count


def _bought_lately(supplier: Supplier) -> QuerySet[SupplierOffer]:
    """Not the mug that everybody tries first: it is there as the catalogue says."""
    rows = SupplierOffer.objects.filter(supplier=supplier).order_by("pk")
    return rows.exclude(variant__product__slug=SHOWPIECE)


def _order(
    supplier: Supplier, offers: Sequence[SupplierOffer], past: Past, now: dt.datetime
) -> None:
    at = now - dt.timedelta(days=past.ago)
    wanted = [Wanted(one.variant_id, one.minimum * (1 + one.pk % 2)) for one in offers]
    drafted = purchases.draft(supplier=supplier, location=default_location(), lines=wanted, now=at)
    terms = Terms(
        freight=FREIGHT.get(supplier.code, Decimal(0)),
        duty=DUTY.get(supplier.code, Decimal(0)),
        share_by=PurchaseOrder.ShareBy.WEIGHT,
    )
    set_terms(order_id=drafted.order.pk, terms=terms)
    order = ordering.order(order_id=drafted.order.pk, now=at, actor=None)
    if past.came_after is not None:
        _receive(order, past, at + dt.timedelta(days=past.came_after))


def _receive(order: PurchaseOrder, past: Past, at: dt.datetime) -> None:
    came = [
        Came(
            line.pk,
            max(1, int(line.quantity * past.share)) - past.rejected,
            past.rejected,
            "Chipped" if past.rejected else "",
        )
        for line in order.lines.order_by("position", "pk")
    ]
    key = uuid.uuid5(uuid.NAMESPACE_URL, order.number)
    delivery = Delivery(key=key, lines=came, note=f"D{order.pk:05d}")
    receiving.receive(order_id=order.pk, delivery=delivery, now=at, actor=None)
