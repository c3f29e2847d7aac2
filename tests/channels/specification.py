"""Google's product data specification, as far as a shop's goods need it: what is wrong with a feed.

An item is a mapping from attribute to a list of texts; `shipping` holds mappings instead.
"""

import re
import xml.etree.ElementTree as ET
from decimal import Decimal
from urllib.parse import urlsplit

from stdnum import ean

G = "{http://base.google.com/ns/1.0}"
REQUIRED = (
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "availability",
    "price",
    "condition",
)
LONGEST = {
    "id": 50, "title": 150, "description": 5000, "link": 2000, "image_link": 2000, "brand": 70,
    "mpn": 70, "gtin": 50, "item_group_id": 50, "product_type": 750, "color": 100, "size": 100,
    "material": 200, "pattern": 100, "additional_image_link": 2000,
}  # fmt: skip
ENUMERATIONS = {
    "availability": {"in_stock", "out_of_stock", "preorder", "backorder"},
    "condition": {"new", "refurbished", "used"},
    "identifier_exists": {"yes", "no", "true", "false"},
}
MOST = {"additional_image_link": 10, "shipping": 100, "product_type": 5}
REPEATED = set(MOST)
KNOWN = {
    *REQUIRED, *LONGEST, *ENUMERATIONS, *MOST, "sale_price", "sale_price_effective_date",
    "availability_date", "unit_pricing_measure", "unit_pricing_base_measure", "shipping_weight",
}  # fmt: skip
PRICE = re.compile(r"\d{1,10}\.\d{2} [A-Z]{3}")
MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{4}|Z)"
DATE = re.compile(MOMENT)
PERIOD = re.compile(f"({MOMENT})/({MOMENT})")
UNIT = r"(oz|lb|mg|g|kg|floz|pt|qt|gal|ml|cl|l|cbm|in|ft|yd|cm|m|sqft|sqm|ct)"
MEASURE = re.compile(rf"\d+(\.\d+)? ?{UNIT}")
BASE = re.compile(rf"(1|2|4|8|10|100) ?{UNIT}|75 ?cl|750 ?ml|50 ?kg|1000 ?kg")
WEIGHT = re.compile(r"\d+(\.\d+)? ?(lb|oz|g|kg)")
FORMATS = {
    "price": PRICE, "sale_price": PRICE, "sale_price_effective_date": PERIOD,
    "availability_date": DATE, "unit_pricing_measure": MEASURE,
    "unit_pricing_base_measure": BASE, "shipping_weight": WEIGHT,
    "id": re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?"),
}  # fmt: skip
KIND = {
    "mass": {"oz", "lb", "mg", "g", "kg"},
    "volume": {"floz", "pt", "qt", "gal", "ml", "cl", "l", "cbm"},
    "length": {"in", "ft", "yd", "cm", "m"},
    "area": {"sqft", "sqm"},
    "count": {"ct"},
}
PICTURE = re.compile(r"\.(gif|jpe?g|png|bmp|tiff?|webp)$", re.IGNORECASE)
TRANSIT = ("min_transit_time", "max_transit_time", "min_handling_time", "max_handling_time")
SHIPPING = {"country", "region", "service", "price", *TRANSIT}
# GS1 keeps these for use inside a shop and for coupons.
RESTRICTED = re.compile(r"^0*(2\d{12}|04\d{10}|9[89]\d{11})$")
MARKUP = re.compile(r"</?[a-z][^>]*>")
SHOUTED = re.compile(r"(?:\b[A-Z]{5,}\b\W*){4,}")


def read(xml):
    """The items of an RSS 2.0 feed."""
    root = ET.fromstring(xml)  # noqa: S314 — the shop's own
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    channel = root.find("channel")
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    return [_item(one) for one in channel.iter("item")]


def _item(element):
    item = {}
    for child in element:
        name = child.tag.removeprefix(G)
        inner = {one.tag.removeprefix(G): one.text or "" for one in child}
        item.setdefault(name, []).append(inner or child.text or "")
    return item


def problems(item, domain):
    """What is wrong with an item of a shop whose verified address is `domain`."""
    checks = (
        *(_presence, _lengths, _formats, _wording, _identifiers),
        *(_prices, _sales, _units, _shipping, _availability),
    )
    found = [problem for check in checks for problem in check(item)]
    return found + list(_links(item, domain))


def feed_problems(items, domain):
    """What is wrong with a feed: with its items, and with the items together."""
    found = [f"{one.get('id', ['?'])[0]}: {why}" for one in items for why in problems(one, domain)]
    ids = [one["id"][0] for one in items if "id" in one]
    found += [f"{one}: id twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    return found + _groups(items)


def _groups(items):
    """Variants of a group differ, and agree on their brand."""
    groups = {}
    for item in items:
        if item.get("item_group_id"):
            groups.setdefault(item["item_group_id"][0], []).append(item)
    brands = [
        f"{name}: brands differ"
        for name, group in groups.items()
        if len({tuple(one.get("brand", ())) for one in group}) > 1
    ]
    titles = [
        f"{name}: nothing tells the variants apart"
        for name, group in groups.items()
        if len({_looks(one) for one in group}) < len(group)
    ]
    return brands + titles


def _looks(item):
    axes = ("color", "size", "material", "pattern", "title")
    return tuple(item.get(name, [""])[0] for name in axes)


def _texts(item, name):
    return item.get(name, [])


def _presence(item):
    for name in REQUIRED:
        if not any(text.strip() for text in _texts(item, name)):
            yield f"no {name}"
    for name in item:
        if name not in KNOWN:
            yield f"unknown attribute {name}"
        if len(item[name]) > MOST.get(name, 1):
            yield f"too many {name}"


def _lengths(item):
    for name, most in LONGEST.items():
        for text in _texts(item, name):
            if len(text) > most:
                yield f"{name} longer than {most}"
            if not text.strip():
                yield f"{name} is empty"


def _formats(item):
    for name, values in ENUMERATIONS.items():
        if any(text not in values for text in _texts(item, name)):
            yield f"{name} is none of the values"
    for name, form in FORMATS.items():
        if not all(form.fullmatch(text) for text in _texts(item, name)):
            yield f"{name} has the wrong form"


def _wording(item):
    for name in ("title", "description"):
        for text in _texts(item, name):
            if MARKUP.search(text):
                yield f"markup in {name}"
            if SHOUTED.search(text):
                yield f"{name} in capitals"


def _links(item, domain):
    for name in ("link", "image_link", "additional_image_link"):
        for text in _texts(item, name):
            parts = urlsplit(text)
            if parts.scheme != "https" or parts.netloc != domain or not text.isascii():
                yield f"{name} is not on the verified domain"
            if re.search(r"[\s<>\"]", text):
                yield f"{name} is not encoded"
            if name != "link" and not PICTURE.search(parts.path):
                yield f"{name} is no picture"
    if set(_texts(item, "image_link")) & set(_texts(item, "additional_image_link")):
        yield "the main picture again among the others"


def _identifiers(item):
    gtin = next(iter(_texts(item, "gtin")), "")
    if gtin and not ean.is_valid(gtin):
        yield "gtin with a wrong check digit"
    if RESTRICTED.match(gtin.zfill(13)) if gtin else False:
        yield "gtin from a restricted range"
    told = next(iter(_texts(item, "identifier_exists")), "yes")
    known = bool(gtin or (_texts(item, "brand") and _texts(item, "mpn")))
    if told in ("yes", "true") and not known:
        yield "identifier_exists without identifiers"
    if told in ("no", "false") and known:
        yield "identifier_exists denies identifiers"


def _amount(text):
    return Decimal(text.split(" ")[0])


def _prices(item):
    """Those that have the right form."""
    price = next((text for text in _texts(item, "price") if PRICE.fullmatch(text)), "")
    sale = next((text for text in _texts(item, "sale_price") if PRICE.fullmatch(text)), "")
    if price and _amount(price) <= 0:
        yield "price is nought"
    if price and sale and price[-3:] != sale[-3:]:
        yield "sale_price in another currency"
    if price and sale and _amount(sale) >= _amount(price):
        yield "sale_price is not lower"


def _sales(item):
    for text in _texts(item, "sale_price_effective_date"):
        start, _slash, end = text.partition("/")
        if start >= end:
            yield "sale ends before it starts"
        if not _texts(item, "sale_price"):
            yield "sale dates without a sale"


def _units(item):
    measure = next(iter(_texts(item, "unit_pricing_measure")), "")
    base = next(iter(_texts(item, "unit_pricing_base_measure")), "")
    if base and not measure:
        yield "unit_pricing_base_measure alone"
    if measure and re.match(r"0+(\.0+)?\D", measure):
        yield "unit_pricing_measure is nought"
    if measure and base and _kind(measure) != _kind(base):
        yield "unit pricing mixes units"


def _kind(measure):
    unit = re.sub(r"[\d. ]", "", measure)
    return next((kind for kind, units in KIND.items() if unit in units), unit)


def _shipping(item):
    currency = next(iter(_texts(item, "price")), "")[-3:]
    for way in _texts(item, "shipping"):
        if not isinstance(way, dict) or set(way) - SHIPPING:
            yield "shipping with unknown parts"
            continue
        if not re.fullmatch(r"[A-Z]{2}", way.get("country", "")):
            yield "shipping without a country"
        if len(way.get("service", "")) > 50:
            yield "shipping service longer than 50"
        yield from _cost(way, currency)
        yield from _days(way)


def _cost(way, currency):
    if not PRICE.fullmatch(way.get("price", "")):
        yield "shipping without a price"
    elif way["price"][-3:] != currency:
        yield "shipping in another currency"


def _days(way):
    if any(not way[name].isdigit() for name in TRANSIT if name in way):
        yield "shipping days are no number"
    elif int(way.get("min_transit_time", 0)) > int(way.get("max_transit_time", 10**6)):
        yield "shipping takes at least longer than at most"


def _availability(item):
    state = next(iter(_texts(item, "availability")), "")
    if state in ("preorder", "backorder") and not _texts(item, "availability_date"):
        yield f"{state} without a date"
