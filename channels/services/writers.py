"""The three forms of a feed. Each writes offers one after another and holds none of them."""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOBase
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from catalog.models import Market
from catalog.queries.seo import absolute
from channels.models import Feed
from channels.queries.offers import Offer
from shop.lib.csvfiles import guard
from shop.lib.text import CONTROL

BARE: "AttributesImpl[str]" = AttributesImpl({})
GOOGLE = "http://base.google.com/ns/1.0"
Write = Callable[[Offer], None]
# Meta's words for what Google says with an underscore.
META_STOCK = {
    "in_stock": "in stock",
    "out_of_stock": "out of stock",
    "backorder": "available for order",
    "preorder": "preorder",
}


@contextmanager
def writing(kind: str, file: TextIOBase, *, shop: str, market: Market) -> Iterator[Write]:
    """Open a feed of this kind; what it gives writes an offer. The end is written on leaving."""
    if kind == Feed.Kind.GOOGLE:
        with _google(file, shop=shop, market=market) as write:
            yield write
        return
    columns = META if kind == Feed.Kind.META else GENERAL
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(columns)
    # People open these in spreadsheets, too: no cell may run there as a formula.
    yield lambda offer: table.writerow([guard(cell(offer)) for cell in columns.values()])


@contextmanager
def _google(file: TextIOBase, *, shop: str, market: Market) -> Iterator[Write]:
    xml = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
    xml.startDocument()
    xml.startElement("rss", AttributesImpl({"version": "2.0", "xmlns:g": GOOGLE}))
    xml.startElement("channel", BARE)
    _element(xml, "title", shop)
    _element(xml, "link", absolute(market.prefix))
    _element(xml, "description", f"{shop}, {market.name}")
    yield lambda offer: _item(xml, offer)
    xml.endElement("channel")
    xml.endElement("rss")
    xml.endDocument()


def _item(xml: XMLGenerator, offer: Offer) -> None:
    xml.startElement("item", BARE)
    for name, text in _plain(offer).items():
        if text:
            _element(xml, f"g:{name}", text)
    for url in offer.additional_image_links:
        _element(xml, "g:additional_image_link", url)
    for way in offer.shipping:
        xml.startElement("g:shipping", BARE)
        _element(xml, "g:country", way.country)
        _element(xml, "g:service", way.service)
        _element(xml, "g:price", way.price)
        _element(xml, "g:min_transit_time", str(way.min_days))
        _element(xml, "g:max_transit_time", str(way.max_days))
        xml.endElement("g:shipping")
    xml.endElement("item")
    xml.ignorableWhitespace("\n")


def _element(xml: XMLGenerator, name: str, text: str) -> None:
    xml.startElement(name, BARE)
    # XML has no way to write control characters.
    xml.characters(CONTROL.sub("", text))
    xml.endElement(name)


def _plain(offer: Offer) -> Mapping[str, str]:
    """The attributes that hold one text each."""
    return {
        "id": offer.id,
        "title": offer.title,
        "description": offer.description,
        "link": offer.link,
        "image_link": offer.image_link,
        "availability": offer.availability,
        "availability_date": offer.availability_date,
        "price": offer.price,
        "sale_price": offer.sale_price,
        "sale_price_effective_date": offer.sale_period,
        "brand": offer.brand,
        "gtin": offer.gtin,
        "mpn": offer.mpn,
        "identifier_exists": offer.identifier_exists,
        "condition": "new",
        "item_group_id": offer.group_id,
        **offer.axes,
        "product_type": offer.product_type,
        "unit_pricing_measure": offer.unit_measure,
        "unit_pricing_base_measure": offer.unit_base,
        "shipping_weight": _weight(offer),
    }


def _weight(offer: Offer) -> str:
    return f"{offer.grams} g" if offer.grams else ""


def _pictures(offer: Offer) -> str:
    return ",".join(offer.additional_image_links)


def _ways(offer: Offer) -> str:
    """ "GB::Tracked 48:3.50 GBP,…"."""
    return ",".join(f"{one.country}::{one.service}:{one.price}" for one in offer.shipping)


META: Mapping[str, Callable[[Offer], str]] = {
    "id": lambda offer: offer.id,
    "title": lambda offer: offer.title,
    "description": lambda offer: offer.description,
    "availability": lambda offer: META_STOCK[offer.availability],
    "condition": lambda _offer: "new",
    "price": lambda offer: offer.price,
    "link": lambda offer: offer.link,
    "image_link": lambda offer: offer.image_link,
    "additional_image_link": _pictures,
    "brand": lambda offer: offer.brand,
    "gtin": lambda offer: offer.gtin,
    "mpn": lambda offer: offer.mpn,
    "sale_price": lambda offer: offer.sale_price,
    "sale_price_effective_date": lambda offer: offer.sale_period,
    "item_group_id": lambda offer: offer.group_id,
    "color": lambda offer: offer.axes.get("color", ""),
    "size": lambda offer: offer.axes.get("size", ""),
    "material": lambda offer: offer.axes.get("material", ""),
    "pattern": lambda offer: offer.axes.get("pattern", ""),
    "product_type": lambda offer: offer.product_type,
    "shipping": _ways,
    "shipping_weight": _weight,
}
GENERAL: Mapping[str, Callable[[Offer], str]] = {
    "sku": lambda offer: offer.id,
    "title": lambda offer: offer.title,
    "description": lambda offer: offer.description,
    "url": lambda offer: offer.link,
    "image": lambda offer: offer.image_link,
    "more_images": _pictures,
    "availability": lambda offer: offer.availability,
    "price": lambda offer: offer.sale_price or offer.price,
    "price_before": lambda offer: offer.price if offer.sale_price else "",
    "brand": lambda offer: offer.brand,
    "gtin": lambda offer: offer.gtin,
    "mpn": lambda offer: offer.mpn,
    "category": lambda offer: offer.product_type,
    "group": lambda offer: offer.group_id,
    "color": lambda offer: offer.axes.get("color", ""),
    "size": lambda offer: offer.axes.get("size", ""),
    "content": lambda offer: offer.unit_measure,
    "grams": lambda offer: str(offer.grams or ""),
    "delivery": _ways,
}
