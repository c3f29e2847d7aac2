"""Which blocks a page shows in a market at a moment, and until when that stays true."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.core import signing
from django.db.models import Prefetch, QuerySet

from catalog.models import Market
from marketing.models import ContentBlock, LandingPage
from marketing.models.content import HOME
from shop.lib.parts import kept

MOST_BLOCKS = 30
LONGEST = 60 * 60
SALT = "marketing.preview"
PREVIEW_HOLDS = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it is in a market now. moments: when something on it begins or ends."""

    page: LandingPage
    blocks: Sequence[ContentBlock]
    moments: Sequence[dt.datetime]
    # Ids of the markets where it shows something; None: in all of them.
    market_ids: frozenset[int] | None

    def seconds_left(self, now: dt.datetime) -> int:
        """How long it stays as it is, an hour at most."""
        return seconds_left(self.moments, now)

    def among(self, markets: Iterable[Market]) -> list[Market]:
        """Those of the markets where it can be seen."""
        return [one for one in markets if self.market_ids is None or one.pk in self.market_ids]


def published(slug: str, market: Market, *, now: dt.datetime) -> Shown | None:
    """The page of this name if it is published. Two queries, kept with the pages."""
    page = _published(slug)
    return _shown(page, market, now) if page else None


def _published(slug: str) -> LandingPage | None:
    def read() -> LandingPage | None:
        return _pages().filter(slug=slug, is_published=True).first()

    return kept(f"landing:{slug}", read)


def moments(slug: str) -> tuple[dt.datetime, ...]:
    """When something on the published page begins or ends, in any market. Kept with the pages."""

    def read() -> tuple[dt.datetime, ...]:
        page = _published(slug)
        blocks = page.blocks.all() if page else ()
        return tuple(at for one in blocks for at in (one.starts_at, one.ends_at) if at)

    return kept(f"moments:{slug}", read)


def seconds_left(moments: Iterable[dt.datetime], now: dt.datetime) -> int:
    """Until the next of these moments, an hour at most."""
    next_moment = min((at for at in moments if at > now), default=None)
    if next_moment is None:
        return LONGEST
    return min(LONGEST, int((next_moment - now).total_seconds()))


def previewed(slug: str, token: str, market: Market, *, now: dt.datetime) -> Shown | None:
    """The page as it will be, for who holds a signed link to it: what is to come is on it already."""
    try:
        named = signing.loads(token, salt=SALT, max_age=PREVIEW_HOLDS)
    except signing.BadSignature:
        return None
    page = _pages().filter(slug=slug).first() if named == slug else None
    if page is None:
        return None
    ahead = [one for one in _of(page, market) if not _is_over(one, now)]
    return Shown(page, ahead[:MOST_BLOCKS], (), None)


def preview_address(page: LandingPage) -> str:
    """Where staff see a page before anybody else does. Holds for a week."""
    return f"{page.get_absolute_url()}?preview={signing.dumps(page.slug, salt=SALT)}"


def in_market(market: Market, *, now: dt.datetime) -> list[Shown]:
    """Every published page but the shop front that shows something in the market. Two queries."""
    pages = _pages().filter(is_published=True).exclude(slug=HOME).order_by("slug")
    return [found for page in pages if (found := _shown(page, market, now)).blocks]


def _pages() -> "QuerySet[LandingPage]":
    blocks = ContentBlock.objects.filter(is_active=True).order_by("position", "pk")
    return LandingPage.objects.prefetch_related(Prefetch("blocks", queryset=blocks))


def _shown(page: LandingPage, market: Market, now: dt.datetime) -> Shown:
    here = _of(page, market)
    live = [one for one in here if _has_begun(one, now) and not _is_over(one, now)]
    anywhere = [one for one in page.blocks.all() if _has_begun(one, now) and not _is_over(one, now)]
    everywhere = any(one.market_id is None for one in anywhere)
    return Shown(
        page=page,
        blocks=live[:MOST_BLOCKS],
        moments=[at for one in here for at in (one.starts_at, one.ends_at) if at and at > now],
        market_ids=None
        if everywhere
        else frozenset(one.market_id for one in anywhere if one.market_id),
    )


def _of(page: LandingPage, market: Market) -> list[ContentBlock]:
    return [one for one in page.blocks.all() if one.market_id in (None, market.pk)]


def _has_begun(block: ContentBlock, now: dt.datetime) -> bool:
    return block.starts_at is None or block.starts_at <= now


def _is_over(block: ContentBlock, now: dt.datetime) -> bool:
    return block.ends_at is not None and block.ends_at <= now
