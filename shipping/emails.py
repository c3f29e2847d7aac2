"""Letters about parcels: to partners who send them, to buyers who wait for them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from orders.emails import letter
from orders.models import Order, OrderLine
from shipping.models import Fulfilment, HandOff
from shipping.services.tracking import latest
from shop.lib.csvfiles import guard
from shop.outbox.mail import Attachment, Letter

# Where it goes, as an order keeps it.
ADDRESS = ("name", "line1", "line2", "city", "region", "postcode", "country", "phone")


@dataclass(frozen=True, slots=True)
class Piece:
    """What a partner picks: units of one SKU, for a line of the order."""

    line: int
    sku: str
    title: str
    quantity: int


def pieces_of(one: HandOff) -> list[Piece]:
    """What to pick, a bundle by its parts."""
    lines = OrderLine.objects.filter(pk__in=[int(pk) for pk in one.contents])
    found: list[Piece] = []
    for line in lines.prefetch_related("parts").order_by("position", "pk"):
        found += _pieces(line, one.contents[str(line.pk)])
    return found


def _pieces(line: OrderLine, units: int) -> Sequence[Piece]:
    parts = [
        Piece(line.pk, part.sku, part.title, part.quantity * units) for part in line.parts.all()
    ]
    title = ", ".join(filter(None, (line.title, line.variant_label)))
    return parts or [Piece(line.pk, line.sku, title, units)]


def parcel_letter(parcel: Fulfilment, kind: str) -> Letter:
    """To the buyer, how a parcel stands: out_for_delivery, delivered or delivery_problem."""
    key = f"fulfilment-{parcel.pk}-{kind}"
    last = latest(parcel.tracking.all())
    found = letter(parcel.order, kind, key=key, extra={"fulfilment": parcel, "last": last})
    return replace(found, kind=f"shipping/{kind}")


def ready_letter(parcel: Fulfilment) -> Letter:
    """To the buyer: where it lies ready, when somebody is there, and the code to show."""
    key = f"fulfilment-{parcel.pk}-ready"
    extra = {"fulfilment": parcel, "place": parcel.order.pickup}
    found = letter(parcel.order, "ready_to_collect", key=key, extra=extra)
    return replace(found, kind="shipping/ready_to_collect")


def hand_off_letter(one: HandOff, *, is_off: bool) -> Letter:
    """To the partner; without an address of its own, to its supplier."""
    order, pieces = one.order, pieces_of(one)
    kind = "hand_off_off" if is_off else "hand_off"
    return Letter(
        kind=f"shipping/{kind}",
        to=address_of(one),
        key=f"hand-off-{one.pk}-{'off' if is_off else 'send'}",
        reference=order.number,
        language=settings.LANGUAGE_CODE,
        context={"hand_off": one, "order": order, "pieces": pieces, "address": _address(order)},
        attachments=() if is_off else [_table(one, pieces)],
    )


def address_of(one: HandOff) -> str:
    supplier = one.location.supplier
    return one.location.email or (supplier.email if supplier else "")


def _address(order: Order) -> list[str]:
    return [*order.address_lines, order.country]


def _table(one: HandOff, pieces: Sequence[Piece]) -> Attachment:
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["reference", "order", "line", "sku", "title", "quantity", *ADDRESS])
    order = one.order
    where = [getattr(order, name) for name in ADDRESS]
    for piece in pieces:
        row = [one.reference, order.number, piece.line, piece.sku, piece.title, piece.quantity]
        table.writerow([guard(str(value)) for value in (*row, *where)])
    return Attachment(
        f"{order.number}.csv", text.getvalue().encode(), "text/csv", _("What to send, as a table")
    )
