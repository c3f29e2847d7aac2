"""The methods that may carry something, each with its rates and what it does not take."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet

from shipping.models import Method, Rate
from shop.lib import rulebook

Kind = Method.Kind


@dataclass(frozen=True, slots=True)
class Way:
    """A method as it is asked for: its rates in one currency, and ids of what it takes or not."""

    method: Method
    rates: tuple[Rate, ...]
    categories: frozenset[int] = frozenset()
    not_categories: frozenset[int] = frozenset()
    not_products: frozenset[int] = frozenset()

    def rate_for(self, grams: int, goods: Decimal) -> Rate | None:
        """The cheapest rate for a parcel of that weight within goods of that value."""
        fitting = [rate for rate in self.rates if _fits(rate, grams, goods)]
        return min(fitting, key=lambda rate: (rate.price, rate.pk or 0), default=None)


def _fits(rate: Rate, grams: int, goods: Decimal) -> bool:
    if not rate.min_grams <= grams < rate.max_grams:
        return False
    return rate.min_goods <= goods and (rate.max_goods is None or goods < rate.max_goods)


def ways(*, currency: str, country: str = "") -> list[Way]:
    """Methods on offer, in order of their position; of all countries when none is named."""
    found = rulebook.kept(f"ways:{currency}", lambda: _offered(currency))
    return [one for one in found if not country or country in one.method.zone.countries]


def _offered(currency: str) -> list[Way]:
    rates = _rates().filter(currency=currency, method__is_active=True)
    return _grouped(rates.order_by("method__position", "method_id", "pk"))


def all_ways(*, currency: str) -> list[Way]:
    """Every method there is, offered or not, with its rates in that currency. Two queries."""
    priced = {way.method.pk: way for way in _grouped(_rates().filter(currency=currency))}
    methods = Method.objects.select_related("zone", "tax_class", "provider")
    return [
        priced.get(method.pk) or Way(method, ())
        for method in methods.order_by("zone__name", "position", "pk")
    ]


def _rates() -> "QuerySet[Rate]":
    kinds = {
        "only": Method.categories.through.objects.values("category_id"),
        "never": Method.not_categories.through.objects.values("category_id"),
        "refused": Method.not_products.through.objects.values("product_id"),
    }
    return (
        Rate.objects.select_related("method__tax_class", "method__zone", "method__provider")
        .annotate(
            **{
                name: ArraySubquery(rows.filter(method_id=OuterRef("method_id")))
                for name, rows in kinds.items()
            }
        )
        .order_by("method_id", "pk")
    )


def _grouped(rates: Iterable[Rate]) -> list[Way]:
    return [_way(list(rows)) for _pk, rows in groupby(rates, key=lambda rate: rate.method_id)]


def _way(rates: list[Rate]) -> Way:
    first = rates[0]
    return Way(
        method=first.method,
        rates=tuple(rates),
        categories=frozenset(first.only),  # type: ignore[attr-defined]
        not_categories=frozenset(first.never),  # type: ignore[attr-defined]
        not_products=frozenset(first.refused),  # type: ignore[attr-defined]
    )
