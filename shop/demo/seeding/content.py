"""The shop front and a page of its own, made of blocks; and the feeds other services may fetch."""

import datetime as dt
from typing import Any

from catalog.models import Market, Product
from channels.models import Feed
from channels.services import feeds
from marketing.models import ContentBlock, LandingPage
from marketing.services import pictures
from shop.demo.seeding.pictures import SOURCE
from shop.demo.seeding.places import read
from shop.lib.text import clean_html

FILE = "content.toml"
NOT_COLUMNS = {"image", "market", "starts_in", "ends_in", "text"}
# A larger shop's feeds are made by the clock, in the night.
MADE_AT_ONCE = 5_000
Data = dict[str, Any]


def fill(*, now: dt.datetime) -> None:
    """Write what is missing; a page or feed that somebody has edited stays theirs."""
    told = read(FILE)
    markets = {market.code: market for market in Market.objects.all()}
    for page in told["pages"]:
        _page(page, markets, now)
    for one in told["feeds"]:
        _feed(one, markets, now)


def _page(data: Data, markets: dict[str, Market], now: dt.datetime) -> None:
    facts = {name: value for name, value in data.items() if name not in ("slug", "blocks")}
    page, is_new = LandingPage.objects.get_or_create(
        slug=data["slug"], defaults={**facts, "is_published": True}
    )
    if is_new:
        for position, one in enumerate(data["blocks"], 1):
            _block(one, page, position * 10, markets, now=now)


def _block(
    data: Data, page: LandingPage, position: int, markets: dict[str, Market], *, now: dt.datetime
) -> None:
    block = ContentBlock(
        page=page,
        position=position,
        text=clean_html(data.get("text", "")),
        market=markets.get(data.get("market", "")),
        starts_at=_moment(data.get("starts_in"), now),
        ends_at=_moment(data.get("ends_in"), now),
        **{name: value for name, value in data.items() if name not in NOT_COLUMNS},
    )
    if "image" in data:
        pictures.store(block=block, data=(SOURCE / data["image"]).read_bytes())
    else:
        block.save()


def _moment(days: int | None, now: dt.datetime) -> dt.datetime | None:
    return None if days is None else now + dt.timedelta(days=days)


def _feed(data: Data, markets: dict[str, Market], now: dt.datetime) -> None:
    if data["market"] not in markets:
        return
    facts = {"kind": data["kind"], "market": markets[data["market"]]}
    feed, is_new = Feed.objects.get_or_create(name=data["name"], defaults=facts)
    if is_new and Product.objects.count() <= MADE_AT_ONCE:
        feeds.make(feed=feed, now=now)
