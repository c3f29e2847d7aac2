"""What there is to find: an index, and lists of at most 5,000 addresses by kind and market."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Greatest
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.html import escape

from accounts.models import PolicyVersion
from catalog.models import Card, Category, Collection, Market, PriceHistory
from catalog.queries.markets import markets
from catalog.queries.seo import absolute, alternates
from marketing.queries import pages
from shop.lib.http import only_reads
from support.models import Article

PER_FILE = 5_000
KEEP = "public, max-age=3600"
XML = "application/xml; charset=utf-8"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
SPACES = (
    f'xmlns="{PROTOCOL}" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page. path: below a market's prefix, beginning with "/"; changed_at: where that is known."""

    path: str
    markets: Sequence[Market]
    changed_at: dt.datetime | None = None
    picture: str = ""


@only_reads
def sitemap(_request: HttpRequest) -> HttpResponseBase:
    """The lists there are."""
    return _answer(_index())


@only_reads
def sitemap_part(_request: HttpRequest, kind: str, number: int) -> HttpResponseBase:
    """One list; it is read in one query and written as it is read."""
    name, _hyphen, code = kind.partition("-")
    market = next((one for one in markets() if one.code == code), None)
    if market is None or name not in KINDS or not 1 <= number <= _files(name, market):
        raise Http404
    return _answer(_list(name, market, number))


def _answer(lines: Iterator[str]) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type=XML)
    response["Cache-Control"] = KEEP
    return response


def _index() -> Iterator[str]:
    yield f'{HEAD}<sitemapindex xmlns="{PROTOCOL}">\n'
    for market in markets():
        for name in KINDS:
            for number in range(1, _files(name, market) + 1):
                address = absolute(f"/sitemaps/{name}-{market.code}-{number}.xml")
                yield f"<sitemap><loc>{escape(address)}</loc></sitemap>\n"
    yield "</sitemapindex>\n"


def _list(name: str, market: Market, number: int) -> Iterator[str]:
    first = (number - 1) * PER_FILE
    yield f"{HEAD}<urlset {SPACES}>\n"
    for place in KINDS[name](market, first, first + PER_FILE):
        yield _entry(place, market)
    yield "</urlset>\n"


def _files(name: str, market: Market) -> int:
    """How many files a kind fills. Only products are so many that they fill more than one."""
    if name == "products":
        return ceil(Card.objects.in_market(market).count() / PER_FILE)
    return int(any(True for _place in KINDS[name](market, 0, 1)))


def _entry(place: Place, market: Market) -> str:
    loc = absolute(f"{market.prefix.rstrip('/')}{place.path}")
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{escape(code)}" href="{escape(address)}"/>'
        for code, address in alternates(place.path, place.markets)
    )
    changed = place.changed_at and f"<lastmod>{place.changed_at:%Y-%m-%dT%H:%M:%S}+00:00</lastmod>"
    picture = place.picture and (
        f"<image:image><image:loc>{escape(absolute(place.picture))}</image:loc></image:image>"
    )
    return f"<url><loc>{escape(loc)}</loc>{changed or ''}{links}{picture}</url>\n"


def _products(market: Market, first: int, last: int) -> Iterator[Place]:
    known = {one.pk: one for one in markets()}
    prices = PriceHistory.objects.filter(variant__product=OuterRef("product"), market=market)
    priced_at = prices.order_by().values("variant__product").values_list(Max("at"))
    elsewhere = Card.objects.filter(product=OuterRef("product")).values("market_id")
    rows = (
        Card.objects.in_market(market)
        .order_by("product_id")
        # Greatest leaves out what is missing: a price that nobody ever changed.
        .annotate(
            changed_at=Greatest(F("product__updated_at"), Subquery(priced_at)),
            sold_in=ArraySubquery(elsewhere),
        )
        .values_list("slug", "sold_in", "changed_at", "image")
    )
    for slug, sold_in, changed_at, image in rows[first:last]:
        here = [one for pk, one in known.items() if pk in sold_in]
        yield Place(f"/p/{slug}/", here, changed_at, image["src"] if image else "")


def _categories(_market: Market, first: int, last: int) -> Iterator[Place]:
    rows = Category.objects.order_by("path").values_list("url_path", flat=True)
    return (Place(f"/c/{path}/", markets()) for path in rows[first:last])


def _collections(_market: Market, first: int, last: int) -> Iterator[Place]:
    rows = Collection.objects.filter(is_active=True).order_by("slug").values_list("slug", flat=True)
    return (Place(f"/collections/{slug}/", markets()) for slug in rows[first:last])


def _pages(_market: Market, first: int, last: int) -> Iterable[Place]:
    """Help, pages about the shop, and the policies in force."""
    found = [Place("/help/", markets()), Place("/contact/", markets())]
    rows = Article.objects.published().values_list("kind", "slug", "updated_at")
    for kind, slug, changed_at in rows:
        folder = "pages" if kind == Article.Kind.PAGE else "help"
        found.append(Place(f"/{folder}/{slug}/", markets(), changed_at))
    policies: QuerySet[PolicyVersion] = PolicyVersion.objects.current(now=timezone.now())
    written = {place.path for place in found}
    for slug, changed_at in policies.values_list("slug", "published_at"):
        if f"/pages/{slug}/" not in written:
            found.append(Place(f"/pages/{slug}/", markets(), changed_at))
    return found[first:last]


def _landing(market: Market, first: int, last: int) -> Iterable[Place]:
    """The shop front and the pages made of blocks."""
    shown = pages.in_market(market, now=timezone.now())
    found = [Place(f"/explore/{one.page.slug}/", one.among(markets())) for one in shown]
    return [Place("/", markets()), *found][first:last]


KINDS: Mapping[str, Callable[[Market, int, int], Iterable[Place]]] = {
    "landing": _landing,
    "categories": _categories,
    "collections": _collections,
    "products": _products,
    "pages": _pages,
}
