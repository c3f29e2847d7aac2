"""What a list is narrowed by, as its address says it. Whatever makes no sense is left out."""

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.http import QueryDict

from catalog.models import Facet

RESERVED = frozenset({"q", "page", "sort", "price", "stock", "rating", "category", "v"})
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
PRICE = re.compile(r"(?:(?P<word>under|over)-)?(?P<first>\d{1,7})(?:-(?P<second>\d{1,7}))?")
MOST_TOKENS, MOST_PRICES = 30, 8
RATINGS = (4, 3)
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Prices from `low` (included) to `high` (not included), in the market's currency."""

    low: int | None
    high: int | None

    @property
    def slug(self) -> str:
        if self.low is None:
            return f"under-{self.high}"
        return f"over-{self.low}" if self.high is None else f"{self.low}-{self.high}"

    def condition(self) -> Q:
        found = Q() if self.low is None else Q(price_from__gte=Decimal(self.low))
        return found if self.high is None else found & Q(price_from__lt=Decimal(self.high))


@dataclass(frozen=True, slots=True)
class Filters:
    tokens: tuple[str, ...] = ()
    prices: tuple[PriceRange, ...] = ()
    in_stock: bool = False
    rating: int = 0

    def pairs(self) -> list[Pair]:
        """Names and values for an address, always in the same order."""
        found = [(key, value) for key, _, value in (t.partition(":") for t in self.tokens)]
        found += [("price", one.slug) for one in self.prices]
        found += [("stock", "in")] if self.in_stock else []
        return found + ([("rating", str(self.rating))] if self.rating else [])

    def groups(self) -> dict[str, list[str]]:
        """The tokens by facet."""
        found: dict[str, list[str]] = defaultdict(list)
        for token in self.tokens:
            found[token.partition(":")[0]].append(token)
        return found

    def facet_conditions(self, *, but: str = "") -> Q:
        """One value of each facet is enough; every facet has to agree."""
        found = Q()
        for key, tokens in self.groups().items():
            if key != but:
                found &= Q(facets__overlap=tokens)
        return found

    def conditions(self, *, but: str = "") -> Q:
        """Price, stock and rating; `but` names the one to leave out."""
        found = Q()
        if self.prices and but != "price":
            any_price = Q()
            for one in self.prices:
                any_price |= one.condition()
            found &= any_price
        if self.in_stock and but != "stock":
            found &= Q(in_stock=True)
        if self.rating and but != "rating":
            found &= Q(rating_avg__gte=self.rating)
        return found


def parse(params: QueryDict) -> Filters:
    """Read an address. One query when it names facets, to know which of them exist."""
    return Filters(
        tokens=_tokens(params),
        prices=_prices(params.getlist("price")),
        in_stock="in" in params.getlist("stock"),
        rating=next((n for n in RATINGS if str(n) in params.getlist("rating")), 0),
    )


def _tokens(params: QueryDict) -> tuple[str, ...]:
    asked = [
        f"{key}:{value}"
        for key, values in params.lists()
        for value in values
        if key not in RESERVED and SLUG.fullmatch(key) and SLUG.fullmatch(value)
    ][:MOST_TOKENS]
    if not asked:
        return ()
    return tuple(sorted(Facet.objects.filter(token__in=asked).values_list("token", flat=True)))


def _prices(values: list[str]) -> tuple[PriceRange, ...]:
    found = {one for value in values[:MOST_PRICES] if (one := _price(value))}
    return tuple(sorted(found, key=lambda one: (one.low or 0, one.high or 0)))


def _price(value: str) -> PriceRange | None:
    match = PRICE.fullmatch(value)
    if not match:
        return None
    word, first, second = match["word"], int(match["first"]), match["second"]
    if word:
        return (
            None if second else PriceRange(*((None, first) if word == "under" else (first, None)))
        )
    return PriceRange(first, int(second)) if second and first < int(second) else None
