"""What came back of what was sold in a period, why, and what it cost; and refunds still unpaid."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from analytics.queries.periods import Period
from inventory.models import SupplierOffer
from orders.models import OrderLine, Return, ReturnCheck, ReturnLine
from payments.models import GrantedRefund
from shop.lib.money import ZERO

MONEY = DecimalField(max_digits=14, decimal_places=3)
MOST = 50
Disposition = ReturnCheck.Disposition
LOST = (Disposition.NOT_RESTOCKED, Disposition.PROCESSING_REQUIRED)


@dataclass(frozen=True, slots=True)
class Share:
    """sold, back: units. lost: what units that can't be sold again had cost, in the books' currency."""

    name: str
    sold: int
    back: int
    lost: Decimal

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.back) / self.sold if self.sold else None


@dataclass(frozen=True, slots=True)
class Reason:
    name: str
    units: int
    lost: Decimal


def by_product(period: Period) -> list[Share]:
    """Those of which most came back first. Three queries."""
    return _shares(period, F("variant__product__title"))


def by_supplier(period: Period) -> list[Share]:
    """By whom the shop buys each variant from now. Three queries."""
    offers = SupplierOffer.objects.filter(
        variant=OuterRef("variant"), is_preferred=True, is_active=True
    )
    return _shares(period, Subquery(offers.order_by("pk").values("supplier__name")[:1]))


def _sold(period: Period) -> "QuerySet[OrderLine]":
    return OrderLine.objects.filter(
        order__confirmed_at__gte=period.start_at,
        order__confirmed_at__lt=period.end_at,
        is_shipped=True,
    )


def _shares(period: Period, name: Any) -> list[Share]:
    lines = _sold(period).annotate(name=name)
    rows = lines.values("name").annotate(
        sold=Sum(F("quantity") - F("canceled")), back=Sum("returned")
    )
    found: dict[str, tuple[int, int]] = {
        one["name"] or "": (one["sold"], one["back"]) for one in rows.order_by()
    }
    names = dict(lines.filter(return_lines__isnull=False).values_list("pk", "name"))
    lost, kept = _lost(names), _kept(names)
    shares = [
        Share(key, sold, back + kept.get(key, (0, ZERO))[0], _sum(key, lost, kept))
        for key, (sold, back) in found.items()
    ]
    worst = sorted(shares, key=lambda one: (-one.back, -one.sold, one.name))
    return [one for one in worst if one.back][:MOST]


def _sum(key: str, lost: Mapping[str, Decimal], kept: Mapping[str, tuple[int, Decimal]]) -> Decimal:
    return lost.get(key, ZERO) + kept.get(key, (0, ZERO))[1]


def _lost(names: Mapping[int, str | None]) -> dict[str, Decimal]:
    """What units that are not sold again had cost, by name."""
    checks = ReturnCheck.objects.filter(line__order_line__in=names, disposition__in=LOST)
    found: dict[str, Decimal] = {}
    rows = checks.values_list("line__order_line", "quantity", "line__order_line__unit_cost")
    for line, units, cost in rows:
        key = names[line] or ""
        found[key] = found.get(key, ZERO) + units * cost
    return found


def _kept(names: Mapping[int, str | None]) -> dict[str, tuple[int, Decimal]]:
    """Units that buyers were paid for and kept, and what they had cost, by name."""
    lines = _kept_lines().filter(order_line__in=names)
    found: dict[str, tuple[int, Decimal]] = {}
    for line, units, cost in lines.values_list("order_line", "quantity", "order_line__unit_cost"):
        before = found.get(names[line] or "", (0, ZERO))
        found[names[line] or ""] = (before[0] + units, before[1] + units * cost)
    return found


def _kept_lines() -> "QuerySet[ReturnLine]":
    return ReturnLine.objects.filter(rma__status=Return.Status.CLOSED, rma__way=Return.Way.KEEP)


def by_reason(period: Period) -> list[Reason]:
    """Of what was asked back and not called off or declined. Two queries."""
    gone = (Return.Status.DECLINED, Return.Status.CANCELED, Return.Status.EXPIRED)
    lines = ReturnLine.objects.filter(order_line__in=_sold(period)).exclude(rma__status__in=gone)
    units = dict(_pairs(lines.values_list("reason__label").annotate(all=Sum("quantity"))))
    cost = F("checks__quantity") * F("order_line__unit_cost")
    worth = Coalesce(Sum(cost, output_field=MONEY), ZERO, output_field=MONEY)
    checked = lines.filter(Q(checks__disposition__in=LOST))
    lost = dict(_pairs(checked.values_list("reason__label").annotate(all=worth)))
    found = [Reason(name, count, lost.get(name, ZERO)) for name, count in units.items()]
    return sorted(found, key=lambda one: (-one.units, one.name))


def _pairs(rows: Iterable[Any]) -> list[tuple[str, Any]]:
    return [(name or "", value) for name, value in rows]


def unpaid_refunds() -> "QuerySet[GrantedRefund]":
    """Refunds that were approved and whose money has not arrived, the oldest first."""
    rows = GrantedRefund.objects.filter(settled_at=None).select_related("order", "rma", "claim")
    return rows.order_by("granted_at", "pk")
