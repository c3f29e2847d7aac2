"""What a provider sent to the bank, and what it still keeps."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum

from analytics.queries.kept import AMOUNT, NOTHING
from payments.models import JournalLine, Payout, PayoutLine
from payments.services.books.roles import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """The provider's balance in one currency. told: movements that are in no payout that went out.

    The two agree once every movement has been told; a charge of this minute is not yet.
    """

    currency: str
    booked: Decimal
    told: Decimal

    @property
    def difference(self) -> Decimal:
        return self.booked - self.told


def payouts() -> QuerySet[Payout]:
    """Newest first, each with its lines' sum, fees, number, and how many are not matched."""
    return Payout.objects.annotate(
        lines_net=Sum("lines__net", default=NOTHING, output_field=AMOUNT),
        lines_fee=Sum("lines__fee", default=NOTHING, output_field=AMOUNT),
        lines_count=Count("lines"),
        open_count=Count("lines", filter=Q(lines__matched_at=None)),
    ).order_by("-created_at", "-pk")


def lines_of(payout: Payout) -> QuerySet[PayoutLine]:
    lines = PayoutLine.objects.filter(payout=payout).select_related("payment__order")
    return lines.order_by("happened_at", "pk")


def unmatched() -> QuerySet[PayoutLine]:
    """Oldest first."""
    lines = PayoutLine.objects.filter(matched_at=None).select_related("payout")
    return lines.order_by("happened_at", "pk")


def standings() -> list[Standing]:
    """By currency, the books' balance of the provider beside what its own list says. Two queries."""
    booked = JournalLine.objects.filter(account__role=Role.PROVIDER).order_by()
    booked_by = dict(
        booked.values("entry__currency")
        .annotate(sum=Sum("amount"))
        .values_list("entry__currency", "sum")
    )
    waiting = PayoutLine.objects.exclude(payout__status=Payout.Status.PAID).order_by()
    told_by = dict(
        waiting.values("currency").annotate(sum=Sum("net")).values_list("currency", "sum")
    )
    none = Decimal(0)
    return [
        Standing(currency, booked_by.get(currency, none), told_by.get(currency, none))
        for currency in sorted({*booked_by, *told_by})
        if booked_by.get(currency) or told_by.get(currency)
    ]


def days_old(line: PayoutLine, now: dt.datetime) -> int:
    return (now - line.happened_at).days
