"""A product: pictures, options, price, delivery, what others say."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms import ExtrasForm
from catalog.models import Market, Product
from catalog.queries import cards, options, preview, products, seo, structured
from catalog.queries.attributes import spec_rows
from catalog.queries.bundles import contents_of
from catalog.queries.extras import extras_of
from catalog.queries.ladders import Ladder, ladder_for_everybody
from catalog.queries.markets import markets
from catalog.queries.offers import Offer, offer_of
from catalog.queries.options import Choice, OptionRow, OptionView
from catalog.queries.page import Seo, public_context
from catalog.queries.products import Discontinued, GalleryPicture, NotSold, Reviews
from catalog.queries.recommendations import around
from catalog.queries.review_words import RatingWords, rating_words, reviews_words
from catalog.queries.safety import Safety, may_be_sold, safety_of
from catalog.queries.shelves import Crumb, above
from catalog.queries.shown import side_of
from catalog.views.delivery import Delivery, delivery_of, with_returns
from catalog.views.market import market_of
from catalog.views.sheet import choices_of, sheet_of, sheet_on_sale
from shop.lib.addresses import address_of
from shop.lib.html import CleanHtml, read
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page
from shop.templatetags.shop_text import money

# The row of the specification that names what a piece was made with.
BATCH = "Batch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the page is about, read once."""

    product: Product
    description: CleanHtml
    words: str
    url: str
    options: list[OptionRow]
    choices: list[Choice]
    current: Choice
    gallery: tuple[GalleryPicture, ...]
    reviews: Reviews
    delivery: Delivery
    ladder: Ladder


@only_reads
def product(request: HttpRequest, slug: str) -> HttpResponse:
    if "preview" in request.GET:
        return _preview(request, slug)
    return _public(request, slug)


@public_page
def _public(request: HttpRequest, slug: str) -> HttpResponse:
    market, now = market_of(request), timezone.now()
    try:
        found = _find(sheet_on_sale(slug, market, now=now), request, market, now)
    except Discontinued as gone:
        return _gone(request, gone.product, now)
    except NotSold as error:
        raise Http404 from error
    response = render(request, "catalog/product.html", _context(request, found, now))
    # The page names a day of arrival, which holds until the parcel of the day leaves, and prices,
    # which hold until a list begins or ends or a sale is over.
    left = min(
        found.delivery.seconds_left(now),
        found.ladder.seconds_left(now),
        found.current.seconds_left(now),
    )
    response.keep_seconds = max(1, int(left))  # type: ignore[attr-defined]
    return response


def _preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a product in whatever state, for who has the link; nothing on it can be bought."""
    market, now, token = market_of(request), timezone.now(), request.GET["preview"]
    try:
        item = sheet_of(slug, market, now=now)
        if not preview.is_meant(token, item):
            return redirect(item)
        found = _find(item, request, market, now)
    except NotSold as error:
        raise Http404 from error
    found = replace(found, url=f"{found.url}?{urlencode({'preview': token})}")
    context = _context(request, found, now)
    context |= {
        "seo": public_context(request, seo=Seo(title=item.title, noindex=True))["seo"],
        "offer": replace(context["offer"], can_buy=False),
        "is_preview": True,
    }
    response = render(request, "catalog/product.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _context(request: HttpRequest, found: Found, now: dt.datetime) -> dict[str, Any]:
    market, item = market_of(request), found.product
    crumbs = _crumbs(found)
    like, beside = around(item, market, now=now)
    offer = offer_of(item, found.current, market)
    extras = _extras(item, market)
    views = options.option_views(
        found.options, found.choices, found.current, url=found.url, currency=market.currency
    )
    return {
        **public_context(request, seo=_seo(found, market, crumbs)),
        "product_id": str(item.pk),
        "variant_id": str(found.current.pk),
        "title": item.title,
        "slug": item.slug,
        "headline": _headline(found),
        "price": offer.words,
        "announced": _announced(item, views, offer),
        "own_prices": f"{address_of('accounts:prices')}?v={quote(offer.sku)}",
        "breadcrumbs": crumbs,
        "gallery": found.gallery,
        "offer": offer,
        "buy": offer.form(takes_files=extras is not None and extras.takes_files),
        "options": views,
        "delivery": found.delivery,
        "ladder": found.ladder,
        "reviews": found.reviews,
        "told_by_buyers": reviews_words(found.reviews),
        "text_html": found.description,
        "details": _details(found, market),
        "extras": extras,
        "contents": contents_of(found.current.pk) if found.current.is_bundle else (),
        "similar": tuple(like),
        "goes_with": tuple(beside),
        # Said, since what a template does not know takes it long to find out.
        "is_preview": False,
    }


@dataclass(frozen=True, slots=True)
class HeadWords:
    """What the product is called, and how it is liked."""

    batch: str
    title: str
    subtitle: str
    rating: RatingWords | None


@dataclass(frozen=True, slots=True)
class DetailWords:
    """What is good to know, further down."""

    specs: tuple[tuple[str, str], ...]
    care: str
    safety: Safety | None
    sku: str
    cost: str
    returns: str
    returns_url: str


def _headline(found: Found) -> HeadWords:
    item = found.product
    batch = next((str(value) for name, value in item.specs if name == BATCH), "")
    return HeadWords(batch, item.title, item.subtitle, rating_words(found.reviews))


def _announced(item: Product, views: Sequence[OptionView], offer: Offer) -> str:
    """What is read out when another variant was chosen: "Mug, Ash, 320 ml: £24.00. In stock"."""
    chosen = ", ".join([item.title, *(one.chosen for one in views)])
    return f"{chosen}: {money(offer.price, offer.currency)}. {offer.stock_text}"


def _details(found: Found, market: Market) -> DetailWords:
    item, delivery = found.product, found.delivery
    return DetailWords(
        specs=tuple(spec_rows(item)),
        care=item.care,
        safety=safety_of(item, market),
        sku=found.current.sku,
        cost=delivery.cost_text,
        returns=delivery.returns_long,
        returns_url=delivery.returns_url,
    )


def _crumbs(found: Found) -> tuple[Crumb, ...]:
    home, here = (_("Home"), address_of("catalog:home")), (found.product.title, found.url)
    return home, *above(found.product.category), here


def _find(item: Product, request: HttpRequest, market: Market, now: dt.datetime) -> Found:
    if not may_be_sold(item, market):
        raise NotSold(item.slug)
    choices, rows = choices_of(item, now=now)
    current = options.chosen(choices, request.GET.get("v", "")[:64])
    side = side_of(market, item.type.tax_class_id, now=now)
    shown = side.choices(choices)
    description, words = read(item.description)
    return Found(
        product=item,
        description=description,
        words=words,
        url=address_of("catalog:product", item.slug),
        options=rows,
        choices=shown,
        current=shown[choices.index(current)],
        gallery=products.gallery(item, current),
        reviews=products.reviews(item),
        delivery=with_returns(delivery_of(item, current, market, now=now), item, market),
        ladder=ladder_for_everybody(item, current, market, now=now).shown(side),
    )


def _extras(item: Product, market: Market) -> ExtrasForm | None:
    """The fields for what may be added to the piece."""
    if not item.has_extras:  # type: ignore[attr-defined]
        return None
    return ExtrasForm(extras=extras_of([item.pk], market)[item.pk], currency=market.currency)


def _seo(found: Found, market: Market, crumbs: Sequence[Crumb]) -> Seo:
    item = found.product
    pictures = [one.src for one in found.gallery]
    text = structured.described(item, found.words)
    told = structured.Told(
        product=item,
        text=text,
        market=market,
        url=found.url,
        pictures=pictures[:6],
        options=found.options,
        choices=found.choices,
        reviews=found.reviews,
        delivery_price=found.delivery.price,
    )
    return Seo(
        title=item.meta_title or item.title,
        description=item.meta_description or seo.described(item.subtitle, text),
        canonical=found.url,
        og_image=pictures[0] if pictures else "",
        alternates=seo.alternates(f"/p/{item.slug}/", markets_with(item)),
        json_ld=[structured.crumbs_ld(crumbs), structured.product_ld(told)],
    )


def markets_with(item: Product) -> list[Market]:
    """The markets in which the product has a page."""
    sold_in = set(item.sold_in)  # type: ignore[attr-defined]
    return [market for market in markets() if market.pk in sold_in]


def _gone(request: HttpRequest, item: Product, now: dt.datetime) -> HttpResponse:
    """Not made any more: say so, and show what is like it."""
    market = market_of(request)
    like, _beside = around(item, market, now=now)
    context = {
        **public_context(request, seo=Seo(title=item.title, noindex=True)),
        "popular": like or cards.best_sellers(market, now=now),
    }
    return render(request, "404.html", context, status=410)
