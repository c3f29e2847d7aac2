"""How a wish list looks: each wish beside what it costs and whether it is there."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.models import Image, Market
from catalog.queries.current_prices import prices_now
from catalog.queries.on_sale import is_offered
from catalog.queries.pictures import Picture, picture_of
from inventory.queries import Availability, availability
from orders.models import Wishlist, WishlistLine
from orders.queries import picture_for
from orders.services.wishlists import Owner, lists_of
from shop.lib.money import ZERO
from shop.templatetags.shop_text import monthday


@dataclass(frozen=True, slots=True)
class Tab:
    """A list among the owner's lists."""

    id: int
    name: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A piece on a list. price: in the market of the page, None when it is not sold there."""

    id: int
    title: str
    options_text: str
    url: str
    picture: Picture | None
    sku: str
    least: int
    price: Decimal | None
    note: str
    stock_text: str
    stock_tone: str
    can_buy: bool
    alert_url: str
    alert_text: str


def tabs(owner: Owner, wanted: int | None) -> list[Tab]:
    """The owner's lists; the one asked for is current, else the first. One query."""
    rows = [
        (pk, name, count)
        for pk, name, count in lists_of(owner)
        .annotate(count=Count("lines"))
        .values_list("pk", "name", "count")
    ]
    ids = [pk for pk, _name, _count in rows]
    current = wanted if wanted in ids else next(iter(ids), None)
    return [Tab(pk, name, count, pk == current) for pk, name, count in rows]


def full_lines(lines: "QuerySet[WishlistLine]") -> "QuerySet[WishlistLine]":
    """Latest first, with everything that a page or a basket asks of them."""
    images = Image.objects.exclude(file="").order_by("position", "pk")
    return (
        lines.select_related(
            "variant__product__type",
            "variant__product__manufacturer",
            "variant__product__responsible",
        )
        .prefetch_related("variant__values", Prefetch("variant__product__images", queryset=images))
        .order_by("-added_at", "-pk")
    )


def wishes(wishlist: Wishlist, market: Market, *, now: dt.datetime) -> list[Wish]:
    """The wishes of a list as the current market sells them. A fixed number of queries."""
    lines = list(full_lines(wishlist.lines.all()))
    ids = [line.variant_id for line in lines]
    prices = {pk: price.amount for pk, price in prices_now(market, ids, now).items()}
    stock = availability(ids)
    knows_past = wishlist.market_id == market.pk
    return [
        _wish(line, _price(line, market, prices, now), stock[line.variant_id], knows_past)
        for line in lines
    ]


def _price(
    line: WishlistLine, market: Market, prices: dict[int, Decimal], now: dt.datetime
) -> Decimal | None:
    variant = line.variant
    return prices.get(variant.pk) if is_offered(variant, market, now=now) else None


def _wish(
    line: WishlistLine,
    price: Decimal | None,
    stock: Availability,
    knows_past: bool,  # noqa: FBT001
) -> Wish:
    variant = line.variant
    image = picture_for(variant)
    is_there = stock.sellable > 0
    text, tone = _stock(price, stock, is_there=is_there)
    asks_back = not is_there
    return Wish(
        id=line.pk,
        title=variant.product.title,
        options_text=variant.label,
        url=f"{variant.product.get_absolute_url()}?v={variant.sku}" if price is not None else "",
        picture=picture_of(image) if image else None,
        sku=variant.sku,
        least=variant.min_quantity,
        price=price,
        note=_note(line.price_seen, price) if knows_past else "",
        stock_text=text,
        stock_tone=tone,
        can_buy=price is not None and is_there,
        alert_url=alert_url(variant.sku, is_sold_out=asks_back) if price is not None else "",
        alert_text=_("Mail me when it is back") if asks_back else _("Tell me when it costs less"),
    )


def alert_url(sku: str, *, is_sold_out: bool) -> str:
    """Where somebody asks to be told about a piece."""
    kind = "back_in_stock" if is_sold_out else "price_drop"
    return f"{reverse('marketing:alert')}?{urlencode({'sku': sku, 'kind': kind})}"


def _stock(price: Decimal | None, stock: Availability, *, is_there: bool) -> tuple[str, str]:
    if price is None:
        return _("Not for sale here"), "bad"
    if not is_there:
        return _("Sold out"), "bad"
    if stock.is_low:
        return _("Low stock"), "warn"
    if not stock.available:
        return _("Sent from %(day)s") % {"day": monthday(stock.later_on)}, "ok"
    return _("In stock"), "ok"


def _note(seen: Decimal, price: Decimal | None) -> str:
    # Nought stands for "was not sold here when it was added".
    if price is None or price == seen or seen == ZERO:
        return ""
    if price < seen:
        return _("The price has gone down since you added it.")
    return _("The price has gone up since you added it.")


def can_buy_any(found: Iterable[Wish]) -> bool:
    return any(wish.can_buy for wish in found)
