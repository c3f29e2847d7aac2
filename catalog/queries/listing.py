"""A page of cards with everything around it: filters, sorting, paging."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import cast

from django.db.models import Count, F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from catalog.models import Card, Market
from catalog.queries import cards as card_queries
from catalog.queries import counts as count_queries
from catalog.queries import filters as filter_queries
from catalog.queries import kept_tallies, panel, tallies
from catalog.queries.cards import CardView
from catalog.queries.filters import Filters, Pair
from catalog.queries.kept_tallies import LONG
from catalog.queries.panel import Chip, FacetView, Panel, Promoted, Views
from catalog.queries.tallies import Columns, Tally, Unnest
from shop.lib.parts import kept

PER_PAGE, DIGITS = 24, 6
BEST = "popular"
SORTS = {
    BEST: _("Best selling"),
    "price": _("Price, low to high"),
    "-price": _("Price, high to low"),
    "rating": _("Best rated"),
    "newest": _("Newest"),
}
ORDERS: dict[str, Sequence[str | OrderBy]] = {
    BEST: card_queries.MOST_POPULAR,
    "price": ("-in_stock", "price_from", "pk"),
    "-price": ("-in_stock", "-price_from", "pk"),
    "rating": ("-in_stock", F("rating_avg").desc(nulls_last=True), "-rating_count", "pk"),
    "newest": card_queries.NEWEST,
}


class NoSuchPage(Exception):
    """Raised when a list has fewer pages than asked for."""


@dataclass(frozen=True, slots=True)
class SortView:
    value: str
    label: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is listed and where: the cards before any filter, and their address.

    best: the order of the list's own sort; ranked: the cards in that order, where they are known
    already.
    extra: what the address keeps whatever the filters say.
    keep_as: a name under which the list's tally is kept, empty to read it each time.
    """

    cards: "QuerySet[Card]"
    market: Market
    url: str
    extra: tuple[Pair, ...] = ()
    best: Sequence[str | OrderBy] = card_queries.MOST_POPULAR
    best_label: str = ""
    ranked: Columns | None = None
    keep_as: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    cards: list[CardView]
    total: int
    page: int
    pages: int
    shown: int
    next_url: str
    previous_url: str
    sort: str
    sorts: tuple[SortView, ...]
    facets: tuple[FacetView, ...]
    active: tuple[Chip, ...]
    clear_url: str
    promoted: tuple[Promoted, ...]
    action_url: str
    hidden: list[Pair]
    window: str
    # What the filters are kept as; empty where they are made each time.
    filters_name: str = ""

    @property
    def counted(self) -> str:
        total = {"total": self.total}
        return ngettext("%(total)s product", "%(total)s products", self.total) % total

    @property
    def more(self) -> "More":
        showing = gettext("Showing %(window)s") % {"window": self.window}
        return More(showing, str(self.total), str(self.shown), self.next_url, self.is_narrowed)

    @property
    def is_narrowed(self) -> bool:
        """Whether this is a view of a list that search engines need not see."""
        return bool(self.active) or self.sort != BEST


@dataclass(frozen=True, slots=True)
class More:
    """How much of a list is on the page, as texts, and where the next ones are."""

    showing: str
    total: str
    shown: str
    next_url: str
    is_narrowed: bool


def listing(shelf: Shelf, params: QueryDict, *, now: dt.datetime) -> Listing:
    """The page an address asks for. At most eight queries; raises NoSuchPage."""
    filters = filter_queries.parse(params)
    sort = params.get("sort", BEST)
    sort = sort if sort in SORTS else BEST
    views = Views(shelf.url, shelf.extra, filters, _sort_pair(sort), shelf.market)
    found = _found(shelf, views, sort)
    around = found.around
    page, pages = _page(params), max(1, ceil(around.total / PER_PAGE))
    if page > pages:
        raise NoSuchPage(page)
    first = (page - 1) * PER_PAGE
    shown = card_queries.shown_in_order(found.page(first), market=shelf.market, now=now)
    if around.worn:
        shown = card_queries.wearing(shown, around.worn)
    return Listing(
        cards=shown,
        total=around.total,
        page=page,
        pages=pages,
        shown=min(around.total, page * PER_PAGE),
        next_url=views.page_url(page + 1) if page < pages else "",
        previous_url=views.page_url(page - 1) if page > 1 else "",
        sort=sort,
        sorts=_sorts(shelf, sort),
        facets=around.facets,
        active=around.active,
        clear_url=views.clear_url(),
        promoted=around.promoted,
        action_url=shelf.url,
        hidden=list(shelf.extra),
        window=_window(first, len(shown), around.total),
        filters_name=found.name,
    )


def read_ahead(shelf: Shelf) -> None:
    """Read a long list before anybody asks."""
    kept_tallies.read_ahead(_name(shelf), lambda: tallies.tally(shelf.cards, shelf.best))


@dataclass(frozen=True, slots=True)
class _Found:
    """What the filters leave of a list.

    page: ids of the cards of a page, from its first one on; name: what the panel is kept as, or "".
    """

    around: Panel
    page: Callable[[int], list[int]]
    name: str = ""


def _found(shelf: Shelf, views: Views, sort: str) -> _Found:
    ranked, filters = shelf.ranked, views.filters
    if ranked is not None and sort == BEST and not filters.pairs():
        around = panel.panel(views, count_queries.count_all(ranked))
        return _Found(around, lambda first: list(ranked.ids[first : first + PER_PAGE]))
    mark, tally = _tally_of(shelf)
    tally = tallies.with_rare(tally, shelf.cards, filters.tokens)
    # What most people ask for, a list without filters, is counted once.
    is_plain = mark and not filters.pairs()
    name = f"panel:{_name(shelf)}:{mark}:{shelf.url}:{views.sort}" if is_plain else ""
    around = _panel(views, tally, name)
    if sort != BEST and not mark:
        return _Found(around, lambda first: _read_page(shelf, filters, sort, first))
    order = _order(shelf, tally, mark, sort)
    mask = tally.mask(filters)
    return _Found(
        around, lambda first: tally.page(mask, first=first, count=PER_PAGE, order=order), name
    )


def _order(shelf: Shelf, tally: Tally, mark: str, sort: str) -> Sequence[int] | None:
    """In which order the cards of a kept list come, by their places in it. Read once for all pages."""
    if sort == BEST:
        return None
    return kept(
        f"order:{_name(shelf)}:{mark}:{sort}",
        lambda: tally.places(shelf.cards.order_by(*ORDERS[sort]).values_list("pk", flat=True)),
    )


def _tally_of(shelf: Shelf) -> tuple[str, Tally]:
    def read() -> Tally:
        if shelf.ranked is not None:
            return shelf.ranked.tally()
        return tallies.tally(shelf.cards, shelf.best)

    return kept_tallies.tally_of(_name(shelf), read) if shelf.keep_as else ("", read())


def _panel(views: Views, tally: Tally, name: str) -> Panel:
    def count() -> Panel:
        return panel.panel(views, count_queries.count(tally, views.filters))

    return kept(name, count) if name else count()


def long_shelves(market: Market) -> list[str]:
    """Addresses of the categories whose lists are long. One query."""
    rows = (
        Card.objects.in_market(market)
        .order_by()
        .annotate(shelf=Unnest("categories"))
        .values("shelf")
        .annotate(number=Count("pk"))
        .filter(number__gt=LONG)
    )
    return sorted(rows.values_list("shelf", flat=True))


def category_shelf(market: Market, url_path: str, *, url: str = "") -> Shelf:
    # Made when it is asked for: the first pages of a list that is kept never do.
    cards = SimpleLazyObject(lambda: Card.objects.in_market(market).under(url_path))
    return Shelf(cards=cast("QuerySet[Card]", cards), market=market, url=url, keep_as=url_path)


def _name(shelf: Shelf) -> str:
    return f"tally:{shelf.market.pk}:{shelf.keep_as}"


def _read_page(shelf: Shelf, filters: Filters, sort: str, first: int) -> list[int]:
    """Ids of the cards of a page of a list that is not kept, in another order than its own."""
    found = shelf.cards.filter(filters.facet_conditions(), filters.conditions())
    page = found.order_by(*ORDERS[sort])[first : first + PER_PAGE]
    return list(page.values_list("pk", flat=True))


def _page(params: QueryDict) -> int:
    text = params.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS
    return max(1, int(text)) if is_number else 1


def _sort_pair(sort: str) -> tuple[Pair, ...]:
    return () if sort == BEST else (("sort", sort),)


def _sorts(shelf: Shelf, sort: str) -> tuple[SortView, ...]:
    labels = {**SORTS, BEST: shelf.best_label or SORTS[BEST]}
    return tuple(SortView(value, str(label), value == sort) for value, label in labels.items())


def _window(before: int, count: int, total: int) -> str:
    """Which of the cards these are: "1–24 of 48"."""
    places = {"first": before + 1, "last": before + count, "total": total}
    return gettext("%(first)s–%(last)s of %(total)s") % places if count else ""
