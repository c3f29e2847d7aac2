"""The demo catalogue: a TOML file per category, read into plans and written by COPY."""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.models import Category, Image, ProductType, TaxClass
from shop.demo.seeding import attributes, collections, goods, pictures, prices
from shop.demo.seeding.goods import Picture
from shop.demo.seeding.plans import (
    OptionPlan,
    PicturePlan,
    ProductPlan,
    ReviewPlan,
    Tag,
    ValuePlan,
    VariantPlan,
)
from shop.lib.text import markdown

FOLDER = Path(__file__).resolve().parents[1] / "catalogue"
Data = Mapping[str, Any]
WEIGHT = re.compile(r"(\d+(?:\.\d+)?) ?(g|kg)")
# Market code: the suffix its amounts have in the files.
AMOUNTS = {"uk": "gbp", "eu": "eur"}


def fill(*, now: dt.datetime) -> int:
    """Write categories, types, products and pictures. Returns the number of products."""
    files = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))
    ]
    placed = pictures.put_in_place()
    for file in files:
        _categories(file["category"], placed)
        _types(file)
    shelves = goods.shelves(
        brand=settings.SHOP["name"], pictures=placed, status=Image.Status.WAITING, now=now
    )
    plans = [plan(data, now=now) for file in files for data in file["products"]]
    goods.write(plans, shelves)
    attributes.fill([data for file in files for data in file["products"]])
    collections.fill(placed)
    prices.give_a_past(now=now)
    pictures.owe_copies(now=now)
    return len(plans)


def _categories(data: Data, placed: Mapping[str, Picture]) -> None:
    root = Category.objects.add_root(_category(data, data["slug"], placed))
    for child in data.get("children", ()):
        url_path = f"{data['slug']}/{child['slug']}"
        Category.objects.add_child(root, _category(child, url_path, placed))


def _category(data: Data, url_path: str, placed: Mapping[str, Picture]) -> dict[str, Any]:
    picture = placed.get(data.get("image", ""))
    return {
        "name": data["name"],
        "slug": data["slug"],
        "url_path": url_path,
        "description": data.get("description", ""),
        "image": picture.name if picture else "",
        "meta_title": data.get("title", ""),
        "meta_description": data.get("meta", ""),
    }


def _types(file: Data) -> None:
    """A type for each mixture of tax and parcel that a category's goods have."""
    classes = {tax_class.code: tax_class for tax_class in TaxClass.objects.all()}
    found = {type_code(data): data for data in file["products"]}
    for code, data in found.items():
        name = file["category"]["name"]
        ProductType.objects.create(
            code=code,
            name=f"{name}, no parcel" if data["digital"] else name,
            tax_class=classes[data["tax"]],
            is_shipped=not data["digital"],
        )


def type_code(data: Data) -> str:
    root = str(data["category"]).partition("/")[0]
    marks = [*(["digital"] if data["digital"] else []), *_unusual(data["tax"])]
    return "-".join([root, *marks])


def _unusual(tax: str) -> list[str]:
    return [] if tax == "standard" else [tax]


def plan(data: Data, *, now: dt.datetime) -> ProductPlan:
    """What a product's table in the file says."""
    options = tuple(_option(option) for option in data.get("options", ()))
    return ProductPlan(
        slug=data["slug"],
        title=data["title"],
        subtitle=data["subtitle"],
        category=data["category"],
        type=type_code(data),
        published_at=now - dt.timedelta(days=data["published_days_ago"]),
        popularity=data["popularity"],
        options=options,
        variants=tuple(_variants(data)),
        description=markdown(data["text"]),
        meta_description=data.get("meta", ""),
        specs=[*data["specs"], *_more_specs(data)],
        care=data["care"],
        tags=tuple(data["tags"]),
        pictures=tuple(_picture(image, options) for image in data["images"]),
        reviews=tuple(_review(review, now) for review in data.get("reviews", ())),
        goes_with=tuple(data["goes_with"]),
        warnings=data.get("warnings", {}),
    )


def _more_specs(data: Data) -> Iterator[list[str]]:
    if data.get("batch"):
        yield ["Batch", data["batch"]]
    if data.get("lead_days"):
        yield ["Made to order", f"Posted within {data['lead_days']} working days"]


def _option(data: Data) -> OptionPlan:
    values = (ValuePlan(value["name"], value.get("tile", "")) for value in data["values"])
    return OptionPlan(data["name"], tuple(values))


def _variants(data: Data) -> Iterator[VariantPlan]:
    """Every combination of values that is made."""
    options = [option["values"] for option in data.get("options", ())]
    for choice in product(*(range(len(values)) for values in options)):
        chosen = [values[index] for values, index in zip(options, choice, strict=True)]
        sku = "-".join([data["sku"], *(value["code"] for value in chosen)])
        if sku not in data.get("missing", ()):
            yield _variant(data, sku, choice, chosen)


def _variant(data: Data, sku: str, choice: tuple[int, ...], chosen: Sequence[Data]) -> VariantPlan:
    grams = [value["grams"] for value in chosen if "grams" in value]
    return VariantPlan(
        sku=sku,
        label=", ".join(value["name"] for value in chosen),
        choice=choice,
        prices={market: _tag(data, chosen, suffix) for market, suffix in AMOUNTS.items()},
        cost=_cost(data, chosen),
        grams=max(grams, default=data["grams"]),
        stock=_stock(data, sku),
        origin=data["origin"],
        hs_code=data["hs_code"],
        content=_content(chosen),
    )


def _content(chosen: Sequence[Data]) -> tuple[Decimal | None, str]:
    """What a pack holds, where a value says so: "250 g"."""
    found = [match for value in chosen if (match := WEIGHT.fullmatch(value["name"]))]
    return (Decimal(found[0][1]), found[0][2]) if found else (None, "")


def _cost(data: Data, chosen: Sequence[Data]) -> Decimal:
    """A larger piece costs more to make, by the share it costs more to buy."""
    share = Decimal(data["cost_gbp"]) / Decimal(data["price_gbp"])
    return (share * _tag(data, chosen, "gbp").amount).quantize(Decimal("0.01"))


def _tag(data: Data, chosen: Sequence[Data], suffix: str) -> Tag:
    more = sum((Decimal(value.get(f"add_{suffix}", 0)) for value in chosen), Decimal(0))
    was = data.get(f"was_{suffix}")
    return Tag(Decimal(data[f"price_{suffix}"]) + more, Decimal(was) + more if was else None)


def _stock(data: Data, sku: str) -> int:
    if sku in data.get("sold_out", ()):
        return 0
    return int(data.get("low", {}).get(sku, data["stock"]))


def _picture(data: Data, options: Sequence[OptionPlan]) -> PicturePlan:
    """A picture belongs to the first value it names, glazes before sizes."""
    named = data.get("values", ())
    places = [
        (not value.tile, option_at, value_at)
        for option_at, option in enumerate(options)
        for value_at, value in enumerate(option.values)
        if value.name in named
    ]
    shows = min(places)[1:] if places else None
    return PicturePlan(data["file"], data["alt"], shows)


def _review(data: Data, now: dt.datetime) -> ReviewPlan:
    return ReviewPlan(
        author=data["name"],
        stars=data["stars"],
        text=data["text"],
        written_at=now - dt.timedelta(days=data["days_ago"]),
        is_verified=data["verified"],
        reply=data.get("reply", ""),
    )
