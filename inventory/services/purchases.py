"""Purchase orders while they are drafts: lines put on, changed and taken off."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Variant
from inventory.models import (
    Location,
    PurchaseOrder,
    PurchaseOrderLine,
    Supplier,
    SupplierOffer,
)
from inventory.services import numbering, offers
from shop.lib.errors import Refused
from shop.lib.locks import locked

Status = PurchaseOrder.Status
# In a line's reasons: the units the shop suggested, so that a person's change shows.
SUGGESTED = "suggested"


class NoOffer(Refused):
    """Raised for a variant that the supplier does not offer, without a cost that somebody typed."""

    def __init__(self, sku: str) -> None:
        super().__init__(
            _("%(sku)s: this supplier does not offer it. Enter what it costs.") % {"sku": sku}
        )
        self.sku = sku


class WrongState(Refused):
    """Raised when an order is past what is asked of it, or not there yet."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a variant to buy. unit_cost: in the supplier's currency; None: as offered."""

    variant_id: int
    quantity: int
    reasons: Mapping[str, Any] = field(default_factory=dict)
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, and what was rounded on it."""

    order: PurchaseOrder
    words: list[str]


def locked_order(order_id: int) -> PurchaseOrder:
    """The order, locked: before its lines, and long before any stock item."""
    rows = PurchaseOrder.objects.select_related("supplier", "location")
    return locked(rows.filter(pk=order_id))[0]


@transaction.atomic
def draft(
    *,
    supplier: Supplier,
    location: Location,
    lines: Sequence[Wanted],
    now: dt.datetime,
    is_suggested: bool = False,
    actor: User | None = None,
) -> Drafted:
    """A new draft; a suggestion brings the one before it up to date. Raises NoOffer.

    Lines that a person put on a suggestion, or whose quantity a person changed, stay.
    """
    order = _suggestion(supplier, location) if is_suggested else None
    if order is None:
        order = PurchaseOrder.objects.create(
            number=numbering.purchase_number(),
            supplier=supplier,
            location=location,
            currency=supplier.currency,
            is_suggested=is_suggested,
            created_by=actor,
            created_at=now,
        )
    if is_suggested:
        lines = _less_touched(order, lines)
    return Drafted(order, put(order=order, lines=lines, is_suggested=is_suggested))


def _suggestion(supplier: Supplier, location: Location) -> PurchaseOrder | None:
    rows = PurchaseOrder.objects.filter(
        supplier=supplier, location=location, status=Status.DRAFT, is_suggested=True
    )
    return next(iter(locked(rows)), None)


def _less_touched(order: PurchaseOrder, lines: Iterable[Wanted]) -> list[Wanted]:
    """Take off what was only suggested; what a person touched is not wanted twice."""
    untouched(order).delete()
    kept = set(order.lines.values_list("variant_id", flat=True))
    return [one for one in lines if one.variant_id not in kept]


def untouched(order: PurchaseOrder) -> Any:
    """The lines of a suggestion that nobody has changed."""
    same = [line.pk for line in order.lines.all() if line.reasons.get(SUGGESTED) == line.quantity]
    return PurchaseOrderLine.objects.filter(pk__in=same)


@transaction.atomic
def withdraw_suggestions(*, keep: Collection[int], now: dt.datetime) -> int:  # noqa: ARG001
    """Take back what is not suggested any more; a draft left empty goes. Returns how many went."""
    rows = PurchaseOrder.objects.filter(status=Status.DRAFT, is_suggested=True)
    gone = 0
    for order in locked(rows.exclude(pk__in=list(keep))):
        untouched(order).delete()
        if not order.lines.exists():
            order.delete()
            gone += 1
    return gone


@transaction.atomic
def put(*, order: PurchaseOrder, lines: Iterable[Wanted], is_suggested: bool = False) -> list[str]:
    """Put lines on a draft, or say anew how many. Returns what was rounded. Raises NoOffer,
    WrongState."""
    check_draft(order)
    wanted = _merged(lines)
    offered = offers.offers_of(supplier_id=order.supplier_id, variant_ids=wanted)
    skus = dict(Variant.objects.filter(pk__in=wanted).values_list("pk", "sku"))
    known = {line.variant_id: line for line in order.lines.filter(variant__in=wanted)}
    last = order.lines.aggregate(last=Max("position"))["last"] or 0
    words = []
    for one in wanted.values():
        last += 1
        line = known.get(one.variant_id) or PurchaseOrderLine(
            order=order, variant_id=one.variant_id, position=last
        )
        if told := _write(line, one, offered.get(one.variant_id), skus[one.variant_id]):
            words.append(f"{skus[one.variant_id]}: {told}")
        if is_suggested:
            line.reasons = {**one.reasons, SUGGESTED: line.quantity}
        line.save()
    return words


def _merged(lines: Iterable[Wanted]) -> dict[int, Wanted]:
    """One line per variant: whoever asks twice wants both."""
    found: dict[int, Wanted] = {}
    for one in lines:
        before = found.get(one.variant_id)
        units = one.quantity + (before.quantity if before else 0)
        found[one.variant_id] = Wanted(one.variant_id, units, one.reasons, one.unit_cost)
    return found


def _write(line: PurchaseOrderLine, wanted: Wanted, offer: SupplierOffer | None, sku: str) -> str:
    if offer is None and wanted.unit_cost is None and line.pk is None:
        raise NoOffer(sku)
    units = offers.units_for(offer=offer, units=wanted.quantity) if offer else None
    line.quantity = units.units if units else wanted.quantity
    if wanted.unit_cost is not None:
        line.unit_cost = wanted.unit_cost
    elif offer:
        line.unit_cost = offers.unit_cost(offer=offer, units=line.quantity)
    if offer:
        line.supplier_sku, line.pack_size = offer.supplier_sku, offer.pack_size
    return units.words if units else ""


def check_draft(order: PurchaseOrder) -> None:
    """Raises WrongState."""
    if order.status != Status.DRAFT:
        words = _("%(order)s is ordered already; its lines stay.") % {"order": order.number}
        raise WrongState(words)


@transaction.atomic
def set_line(*, order_id: int, wanted: Wanted) -> list[str]:
    """Put a variant on a draft, or change how many. Returns what was rounded. Raises NoOffer,
    WrongState."""
    return put(order=locked_order(order_id), lines=[wanted])


@transaction.atomic
def set_lines(*, order_id: int, wanted: Sequence[Wanted], gone: Collection[int] = ()) -> list[str]:
    """The same for many at once; gone: variants to be taken off."""
    order = locked_order(order_id)
    check_draft(order)
    order.lines.filter(variant__in=list(gone)).delete()
    return put(order=order, lines=wanted)


def remove_line(*, order_id: int, variant_id: int) -> None:
    """Take a variant off a draft. Raises WrongState."""
    set_lines(order_id=order_id, wanted=[], gone=[variant_id])
