"""How carriers did with the parcels of a period: in time, whole, and for how much."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate

from analytics.queries.periods import Period
from orders.models import Claim
from payments.services.books.chart import books_currency, rate_of
from shipping.models import Fulfilment, Label
from shop.lib.money import ZERO
from shop.lib.workdays import shop_zone

MONEY = DecimalField(max_digits=14, decimal_places=3)
HAS_LEFT = (
    Fulfilment.Status.SHIPPED,
    Fulfilment.Status.DELIVERED,
    Fulfilment.Status.FAILED_DELIVERY,
)
REFUSED = (Claim.Status.DECLINED, Claim.Status.CANCELED)


@dataclass(frozen=True, slots=True)
class Score:
    """One carrier's parcels that left in the period. Amounts in the books' currency.

    on_time, late: of those delivered that had a promised day; overdue: not delivered by it yet.
    cost: of `labels` labels; charged: what buyers paid for delivery of all its parcels, net.
    """

    carrier: str
    parcels: int
    delivered: int
    on_time: int
    late: int
    overdue: int
    returned: int
    damaged: int
    lost: int
    charged: Decimal
    labels: int = 0
    cost: Decimal = ZERO

    @property
    def on_time_share(self) -> Decimal | None:
        judged = self.on_time + self.late + self.overdue
        return Decimal(self.on_time) / judged if judged else None

    @property
    def harm_share(self) -> Decimal:
        return Decimal(self.damaged + self.lost) / self.parcels

    @property
    def cost_per_parcel(self) -> Decimal | None:
        return self.cost / self.labels if self.labels else None

    @property
    def charged_per_parcel(self) -> Decimal:
        return self.charged / self.parcels

    @property
    def earned_per_parcel(self) -> Decimal | None:
        """What is left of what buyers paid, once the label is."""
        cost = self.cost_per_parcel
        return None if cost is None else self.charged_per_parcel - cost


def scores(period: Period, *, today: dt.date) -> list[Score]:
    """Of every carrier with parcels in the period, the busiest first. Two queries."""
    costs = _costs(period)
    rows = _sent(period).values("carrier").annotate(**_figures(today))
    found = [_score(row, costs) for row in rows]
    return sorted(found, key=lambda one: (-one.parcels, one.carrier))


def _score(row: Mapping[str, Any], costs: dict[str, list[tuple[int, Decimal]]]) -> Score:
    told = {name: value for name, value in row.items() if name != "carrier"}
    score = Score(carrier=row["carrier"], **told)
    known = costs.get(score.carrier, [])
    return replace(
        score,
        labels=sum(count for count, _cost in known),
        cost=sum((cost for _count, cost in known), ZERO),
    )


def _sent(period: Period) -> QuerySet[Fulfilment]:
    return Fulfilment.objects.filter(
        shipped_at__gte=period.start_at, shipped_at__lt=period.end_at, status__in=HAS_LEFT
    )


def _figures(today: dt.date) -> dict[str, Count | Coalesce | Sum]:
    arrived = TruncDate("delivered_at", tzinfo=shop_zone())
    promised = Q(order__arrives_by__isnull=False)
    in_time = promised & Q(order__arrives_by__gte=arrived)
    late = promised & Q(order__arrives_by__lt=arrived)
    there = Q(delivered_at__isnull=False)
    # Only carriers who tell anything can be overdue: of the others nobody knows.
    followed = ~Q(tracking_status__in=["", Fulfilment.Tracking.PRE_TRANSIT])
    overdue = Q(delivered_at=None, order__arrives_by__lt=today) & followed
    return {
        "parcels": Count("pk"),
        "delivered": Count("pk", filter=there),
        "on_time": Count("pk", filter=there & in_time),
        "late": Count("pk", filter=there & late),
        "overdue": Count("pk", filter=overdue),
        "returned": Count("pk", filter=Q(status=Fulfilment.Status.FAILED_DELIVERY)),
        "damaged": Count("pk", filter=_claimed(Claim.Kind.DAMAGED)),
        "lost": Count("pk", filter=_claimed(Claim.Kind.LOST)),
        "charged": Coalesce(Sum(_charged()), ZERO, output_field=MONEY),
    }


def _claimed(kind: str) -> Q:
    """A claim of this kind about the parcel; one about no parcel is about an order's first."""
    claims = Claim.objects.filter(kind=kind).exclude(status__in=REFUSED)
    of_order = claims.filter(order=OuterRef("order"), parcel=None)
    return Q(Exists(claims.filter(parcel=OuterRef("pk")))) | Q(Exists(of_order), position=1)


def _charged() -> Combinable:
    """A parcel's part of what its buyer paid for delivery."""
    sent = Fulfilment.objects.filter(order=OuterRef("order"), status__in=HAS_LEFT)
    count = sent.order_by().values("order").annotate(count=Count("pk")).values("count")
    paid = F("order__shipping_net") * F("order__exchange_rate")
    return ExpressionWrapper(paid / Subquery(count), output_field=MONEY)


def _costs(period: Period) -> dict[str, list[tuple[int, Decimal]]]:
    """(labels, what they cost) by carrier; other currencies at the rate the order had, or today's."""
    labels = Label.objects.filter(
        fulfilment__in=_sent(period), status=Label.Status.BOUGHT, cost__isnull=False
    )
    by = ("fulfilment__carrier", "currency", "fulfilment__order__currency")
    rows = labels.values_list(*by).annotate(
        Count("pk"),
        sum=Sum("cost"),
        at_order=Sum(F("cost") * F("fulfilment__order__exchange_rate"), output_field=MONEY),
    )
    found: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for carrier, currency, theirs, count, cost, at_order in rows:
        found[carrier].append((count, _converted(currency, theirs, cost, at_order, period)))
    return found


def _converted(
    currency: str, theirs: str, cost: Decimal, at_order: Decimal, period: Period
) -> Decimal:
    if currency == books_currency():
        return cost
    return at_order if currency == theirs else cost * rate_of(currency, period.until)
