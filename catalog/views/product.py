"""A product: pictures, options, price, delivery, what others say."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms import ExtrasForm
from catalog.models import Market, Product
from catalog.queries import cards, options, preview, products, seo, shelves, structured
from catalog.queries.attributes import spec_rows
from catalog.queries.bundles import contents_of
from catalog.queries.extras import extras_of
from catalog.queries.ladders import Ladder, ladder_for_everybody
from catalog.queries.markets import markets
from catalog.queries.offers import offer_of
from catalog.queries.options import Choice, OptionRow
from catalog.queries.page import Seo, public_context
from catalog.queries.products import Discontinued, GalleryPicture, NotSold, Reviews
from catalog.queries.recommendations import around
from catalog.queries.review_words import rating_words, reviews_words
from catalog.queries.safety import safety_of
from catalog.queries.shelves import Crumb
from catalog.queries.shown import side_of
from catalog.queries.stock import Stock
from catalog.views.delivery import Delivery, delivery_of, with_returns
from catalog.views.market import market_of
from inventory.queries import availability
from shop.lib.html import cleaned
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page

# The row of the specification that names what a piece was made with.
BATCH = "Batch"
# What inventory counts, in the order of the page's own.
COUNTS = attrgetter(*Stock._fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the page is about, read once."""

    product: Product
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
        found = _find(products.product_on_sale(slug, now=now), request, market, now)
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
        item = products.product_of(slug)
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
    market = market_of(request)
    crumbs = _crumbs(found, market)
    like, beside = around(found.product, market, now=now)
    offer = offer_of(found.product, found.current, market)
    extras = _extras(found.product, market)
    return {
        **public_context(request, seo=_seo(found, market, crumbs)),
        "product": _facts(found),
        "breadcrumbs": crumbs,
        "gallery": found.gallery,
        "offer": offer,
        "options": options.option_views(
            found.options, found.choices, found.current, url=found.url, currency=market.currency
        ),
        "delivery": found.delivery,
        "ladder": found.ladder,
        "reviews": found.reviews,
        "told_by_buyers": reviews_words(found.reviews),
        "safety": safety_of(found.product, market),
        "extras": extras,
        "takes_files": extras is not None and extras.takes_files,
        "contents": contents_of(found.current.pk) if found.current.is_bundle else (),
        "similar": tuple(like),
        "goes_with": tuple(beside),
    }


def _crumbs(found: Found, market: Market) -> tuple[Crumb, ...]:
    category = found.product.category
    shelf = shelves.place(category.url_path, market) if category else None
    home = (_("Home"), reverse("catalog:home"))
    return home, *(shelf.lineage if shelf else ()), (found.product.title, found.url)


def _find(item: Product, request: HttpRequest, market: Market, now: dt.datetime) -> Found:
    variants = products.variant_rows(item, market, now=now)
    rows = products.options(variants)
    found = availability((v.pk for v in variants), now=now)
    stock = {pk: Stock._make(COUNTS(one)) for pk, one in found.items()}
    choices = products.choices(variants, stock)
    current = options.chosen(choices, request.GET.get("v", "")[:64])
    side = side_of(market, item.type.tax_class_id, now=now)
    shown = side.choices(choices)
    return Found(
        product=item,
        url=item.get_absolute_url(),
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


def _facts(found: Found) -> dict[str, Any]:
    item = found.product
    return {
        "id": str(item.pk),
        "variant_id": str(found.current.pk),
        "title": item.title,
        "slug": item.slug,
        "subtitle": item.subtitle,
        "text_html": cleaned(item.description),
        "specs": tuple(spec_rows(item)),
        "care": item.care,
        "url": found.url,
        "sku": found.current.sku,
        "rating": rating_words(found.reviews),
        "batch": next((str(value) for name, value in item.specs if name == BATCH), ""),
        "tags": item.tags,
    }


def _seo(found: Found, market: Market, crumbs: Sequence[Crumb]) -> Seo:
    item = found.product
    pictures = [one.src for one in found.gallery]
    text = structured.described(item)
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
