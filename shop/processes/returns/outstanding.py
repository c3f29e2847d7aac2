"""How many units of each line may still come back: those sent, less those spoken for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Sum

from inventory.queries import keys_of
from orders.models import (
    Claim,
    ClaimLine,
    Download,
    Order,
    OrderEdit,
    OrderLine,
    Return,
    ReturnCheck,
    ReturnLine,
)
from payments.models import ValueAccount

Status = Return.Status
CHECKED = (Status.INSPECTED, Status.CLOSED)
GONE = (Status.DECLINED, Status.CANCELED, Status.EXPIRED)


def left_to_return(order: Order, lines: Iterable[OrderLine]) -> dict[int, int]:
    """By line. What replaced a piece by claim stands for the first one and is not asked about."""
    spoken = _in_returns(order) + _in_claims(order)
    return {
        line.pk: 0 if _is_replacement(line) else max(0, line.fulfilled - spoken[line.pk])
        for line in lines
    }


def left_to_claim(order: Order, lines: Iterable[OrderLine]) -> dict[int, int]:
    """By line: sent, not spoken for, and not replaced before. A replacement may break as well."""
    spoken = _in_returns(order) + _in_claims(order) + _replaced(order)
    return {line.pk: max(0, line.fulfilled - spoken[line.pk]) for line in lines}


def _replaced(order: Order) -> Counter[int]:
    rows = ClaimLine.objects.filter(
        claim__order=order,
        claim__status=Claim.Status.SETTLED,
        claim__outcome=Claim.Outcome.REPLACE,
    )
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))


def _is_replacement(line: OrderLine) -> bool:
    return line.edit is not None and line.edit.cause == OrderEdit.Cause.CLAIM


def _in_returns(order: Order) -> Counter[int]:
    """Asked for; once the parcel was opened, what was in it. What is kept never comes."""
    rows = ReturnLine.objects.filter(rma__order=order).exclude(rma__status__in=GONE)
    asked: Counter[int] = Counter()
    for line, units, status, way in rows.values_list(
        "order_line_id", "quantity", "rma__status", "rma__way"
    ):
        if status not in CHECKED or way == Return.Way.KEEP:
            asked[line] += units
    found = ReturnCheck.objects.filter(line__rma__order=order, line__rma__status__in=CHECKED)
    came = found.exclude(disposition=ReturnCheck.Disposition.MISSING)
    for line, units in came.values_list("line__order_line").annotate(units=Sum("quantity")):
        asked[line] += units
    return asked


def _in_claims(order: Order) -> Counter[int]:
    """Claimed: until it is decided, and for good where money was given."""
    rows = ClaimLine.objects.filter(claim__order=order).exclude(
        claim__status__in=[Claim.Status.DECLINED, Claim.Status.CANCELED]
    )
    rows = rows.exclude(claim__status=Claim.Status.SETTLED, claim__outcome=Claim.Outcome.REPLACE)
    return Counter(dict(rows.values_list("order_line").annotate(units=Sum("quantity"))))


def untouched(lines: Iterable[OrderLine]) -> dict[int, int]:
    """Units without a parcel that nobody has made use of: cards unspent, files not fetched."""
    known = [line for line in lines if not line.is_shipped and line.variant_id]
    cards = ValueAccount.objects.filter(line__in=known)
    fresh: Counter[int] = Counter()
    for line_id, balance, price in cards.filter(is_active=True).values_list(
        "line_id", "balance", "line__unit_price"
    ):
        fresh[line_id or 0] += balance == price
    are_cards = set(cards.values_list("line_id", flat=True))
    begun = set(Download.objects.filter(line__in=known, used__gt=0).values_list("line", flat=True))
    told = keys_of(line.holder for line in known)
    return {
        line.pk: fresh[line.pk] if line.pk in are_cards else _unless(line, begun, told)
        for line in known
    }


def _unless(line: OrderLine, begun: set[int], told: Mapping[UUID, list[str]]) -> int:
    return 0 if line.pk in begun or line.holder in told else line.fulfilled - line.returned
