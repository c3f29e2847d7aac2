"""Checks the demo catalogue and prints what it holds."""

import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PICTURES = HERE.parent / "pictures"
Row = dict[str, Any]


def skus(item: Row) -> set[str]:
    """Every combination of the options that is made."""
    codes = [[value["code"] for value in option["values"]] for option in item.get("options", [])]
    made = {"-".join([item["sku"], *combination]) for combination in product(*codes)}
    return made - set(item.get("missing", []))


def pictures(book: Row) -> Iterator[str]:
    """Names of all files a category and its products show."""
    yield book["category"]["image"]
    for child in book["category"].get("children", []):
        yield child["image"]
    for item in book["products"]:
        yield from (image["file"] for image in item["images"])
        for option in item.get("options", []):
            yield from (
                f"tile-{value['tile']}.webp" for value in option["values"] if "tile" in value
            )


def faults(item: Row, slugs: set[str]) -> Iterator[str]:
    """What is wrong with one product."""
    made = skus(item)
    for sku in [*item.get("sold_out", []), *item.get("low", {})]:
        if sku not in made:
            yield f"{item['slug']}: {sku} is not made"
    for slug in item["goes_with"]:
        if slug not in slugs:
            yield f"{item['slug']}: goes with unknown {slug}"
    values = {value["name"] for option in item.get("options", []) for value in option["values"]}
    for image in item["images"]:
        if unknown := set(image.get("values", [])) - values:
            yield f"{item['slug']}: {image['file']} shows unknown {unknown}"


def main() -> int:
    books = [tomllib.loads(path.read_text("utf-8")) for path in sorted(HERE.glob("*.toml"))]
    items = [item for book in books for item in book["products"]]
    slugs = {item["slug"] for item in items}
    found = [fault for item in items for fault in faults(item, slugs)]
    made = [sku for item in items for sku in skus(item)]
    if len(slugs) != len(items) or len(set(made)) != len(made):
        found.append("a slug or a SKU is used twice")
    files = {name for book in books for name in pictures(book)}
    found += [f"no picture {name}" for name in sorted(files) if not (PICTURES / name).exists()]
    reviews = [len(item.get("reviews", [])) for item in items]
    size = sum(path.stat().st_size for path in PICTURES.glob("*.webp"))
    counts = (
        f"{len(books)} categories, {len(items)} products, {len(made)} variants, "
        f"{sum(reviews)} reviews on {sum(map(bool, reviews))} products, "
        f"{len(files)} pictures used, {size / 1e6:.1f} MB"
    )
    sys.stdout.write("\n".join([*found, counts]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
