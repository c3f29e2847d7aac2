"""The filter panel of a list: facets, chips of what is applied, a few promoted filters."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from catalog.models import Market
from catalog.queries.counts import Counted, Counts
from catalog.queries.filters import Filters, Pair, PriceRange
from catalog.queries.pictures import tile_url
from shop.templatetags.shop_text import short_money

MOST_FACETS, MOST_VALUES, OPEN = 8, 24, 2
MOST_PROMOTED, MOST_PROMOTED_TAGS = 5, 2
TAG, BRAND = "tag", "brand"


@dataclass(frozen=True, slots=True)
class ValueView:
    label: str
    value: str
    count: int
    is_active: bool
    tile_url: str = ""


@dataclass(frozen=True, slots=True)
class FacetView:
    name: str
    key: str
    is_open: bool
    values: tuple[ValueView, ...]

    @property
    def words(self) -> "FacetWords":
        values = tuple([ValueWords.of(one) for one in self.values])
        return FacetWords(self.name, self.key, self.is_open, values)


@dataclass(frozen=True, slots=True)
class ValueWords:
    """A value as texts, for the stencil of a facet."""

    label: str
    value: str
    count: str
    is_none: bool
    is_active: bool
    tile_url: str

    @classmethod
    def of(cls, one: ValueView) -> "ValueWords":
        return cls(one.label, one.value, str(one.count), not one.count, one.is_active, one.tile_url)


@dataclass(frozen=True, slots=True)
class FacetWords:
    name: str
    key: str
    is_open: bool
    values: tuple[ValueWords, ...]


@dataclass(frozen=True, slots=True)
class Chip:
    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Promoted:
    label: str
    url: str
    is_active: bool
    remove_url: str


@dataclass(frozen=True, slots=True)
class Panel:
    """All of a list that its filters decide but the cards. worn: chosen looks, by name."""

    total: int
    facets: tuple[FacetView, ...]
    active: tuple[Chip, ...]
    promoted: tuple[Promoted, ...]
    worn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Views:
    """Addresses of the neighbouring views of a list: another page, a filter more or less."""

    url: str
    extra: Sequence[Pair]
    filters: Filters
    sort: Sequence[Pair]
    market: Market

    def page_url(self, number: int) -> str:
        page = [("page", str(number))] if number > 1 else []
        return self._with([*self.filters.pairs(), *self.sort, *page])

    def without(self, pair: Pair) -> str:
        return self._with([*(one for one in self.filters.pairs() if one != pair), *self.sort])

    def added(self, pair: Pair) -> str:
        return self._with([*self.filters.pairs(), pair, *self.sort])

    def clear_url(self) -> str:
        return self._with(list(self.sort))

    def _with(self, pairs: Sequence[Pair]) -> str:
        query = "&".join([_encoded(*pair) for pair in (*self.extra, *pairs)])
        return f"{self.url}?{query}" if query else self.url

    def range_label(self, one: PriceRange) -> str:
        low = short_money(Decimal(one.low or 0), self.market.currency)
        high = short_money(Decimal(one.high or 0), self.market.currency)
        if one.low is None:
            return _("Under %(amount)s") % {"amount": high}
        if one.high is None:
            return _("%(amount)s and over") % {"amount": low}
        return _("%(low)s to %(high)s") % {"low": low, "high": high}


@lru_cache(maxsize=1024)
def _encoded(name: str, value: str) -> str:
    return urlencode([(name, value)])


def panel(views: Views, counts: Counts) -> Panel:
    chosen = views.filters.tokens
    return Panel(
        total=counts.total,
        facets=facets(views, counts),
        active=chips(views, counts),
        promoted=promoted(views, counts),
        worn=tuple(one.label for one in counts.facets if one.tile and one.token in chosen),
    )


def facets(views: Views, counts: Counts) -> tuple[FacetView, ...]:
    """Facets with values that would leave something; none is a dead end."""
    found = [*_token_facets(views, counts), *_plain_facets(views, counts)]
    return tuple(
        FacetView(
            name=name,
            key=key,
            is_open=place < OPEN or any(value.is_active for value in values),
            values=tuple(values),
        )
        for place, (name, key, values) in enumerate(found)
    )


Group = tuple[str, str, list[ValueView]]


def _token_facets(views: Views, counts: Counts) -> Iterator[Group]:
    """The first facets that part the list, and every one in use: a form that lacked it would lose it."""
    chosen, narrowed = set(views.filters.tokens), bool(views.filters.pairs())
    in_use, room = views.filters.groups(), MOST_FACETS
    for key, counted in _by_key(counts.facets):
        values = [
            ValueView(one.label, _value(one), one.count, one.token in chosen, tile_url(one.tile))
            for one in _worth_showing(counted, chosen, counts.total, narrowed=narrowed)
        ]
        if values and (room > 0 or key in in_use):
            room -= 1
            yield _("Features") if key == TAG else counted[0].name, key, values


def _by_key(facets: Sequence[Counted]) -> list[tuple[str, list[Counted]]]:
    """One group per key, the tags last."""
    found: dict[str, list[Counted]] = defaultdict(list)
    for one in facets:
        found[_key(one)].append(one)
    return sorted(found.items(), key=lambda group: group[0] == TAG)


def _worth_showing(
    counted: list[Counted], chosen: set[str], total: int, *, narrowed: bool
) -> list[Counted]:
    found = [one for one in counted if one.count or one.token in chosen]
    if len(found) == 1 and _parts_nothing(found[0], total, chosen, narrowed=narrowed):
        return []
    if len(found) > MOST_VALUES or _key(counted[0]) == TAG:
        found = sorted(found, key=lambda one: (one.token not in chosen, -one.count, one.token))
    return found[:MOST_VALUES]


def _parts_nothing(one: Counted, total: int, chosen: set[str], *, narrowed: bool) -> bool:
    """Whether everything has it. On a narrowed list what narrowed it stays in sight."""
    has_all = one.count == total and one.token not in chosen
    return has_all and (not narrowed or _key(one) == BRAND)


def _plain_facets(views: Views, counts: Counts) -> Iterator[Group]:
    filters = views.filters
    prices = [
        ValueView(views.range_label(one), one.slug, number, one in filters.prices)
        for one, number in counts.prices
        if number or one in filters.prices
    ]
    ratings = [
        ValueView(_stars(stars), str(stars), number, filters.rating == stars)
        for stars, number in counts.ratings
        if number or filters.rating == stars
    ]
    if prices:
        yield _("Price"), "price", prices
    if counts.in_stock or filters.in_stock:
        stock = ValueView(_("Can be ordered now"), "in", counts.in_stock, filters.in_stock)
        yield _("Availability"), "stock", [stock]
    if ratings:
        yield _("Rating"), "rating", ratings


def chips(views: Views, counts: Counts) -> tuple[Chip, ...]:
    """What is applied, each with the address of the list without it."""
    pairs = views.filters.pairs()
    labels = _labels(views, counts) if pairs else {}
    return tuple(Chip(labels.get(pair, pair[1]), views.without(pair)) for pair in pairs)


def promoted(views: Views, counts: Counts) -> tuple[Promoted, ...]:
    """The few filters most worth a tap: each leaves something, and not everything."""
    active = set(views.filters.pairs())
    tags = [one for one in counts.facets if one.count < counts.total and _key(one) == TAG]
    tags.sort(key=lambda one: -one.count)
    wanted: list[tuple[Pair, str, int]] = [
        ((TAG, _value(one)), one.label, one.count) for one in tags[:MOST_PROMOTED_TAGS]
    ]
    for price, number in counts.prices[:1]:
        wanted.append((("price", price.slug), views.range_label(price), number))
    wanted.append((("stock", "in"), _("Can be ordered now"), counts.in_stock))
    for stars, number in counts.ratings[:1]:
        wanted.append((("rating", str(stars)), _stars(stars), number))
    worth = [one for one in wanted if one[0] in active or 0 < one[2] < counts.total]
    return tuple(
        Promoted(label, views.added(pair), pair in active, views.without(pair))
        for pair, label, _number in worth[:MOST_PROMOTED]
    )


def _labels(views: Views, counts: Counts) -> dict[Pair, str]:
    labels = {(_key(one), _value(one)): one.label for one in counts.facets}
    labels |= {("price", one.slug): views.range_label(one) for one, _number in counts.prices}
    labels |= {("rating", str(stars)): _stars(stars) for stars, _number in counts.ratings}
    return {**labels, ("stock", "in"): _("Can be ordered now")}


def _stars(stars: int) -> str:
    return _("%(stars)s stars and up") % {"stars": stars}


def _key(one: Counted) -> str:
    return one.token.partition(":")[0]


def _value(one: Counted) -> str:
    return one.token.partition(":")[2]
