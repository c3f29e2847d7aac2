"""How long a Shopify export takes: python bench/import_products.py [rows]

Writes a file of its own with all that real ones contain, imports it twice into a database made for
it, and prints seconds and figures as JSON. Needs a running PostgreSQL (DATABASE_URL or DATA_DIR).
"""

import csv
import json
import os
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.models import Market  # noqa: E402
from shop.processes.importing import Report, Wish, import_products  # noqa: E402

COLUMNS = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value"),
    *("Variant SKU", "Variant Grams", "Variant Inventory Qty", "Variant Price"),
    *("Variant Compare At Price", "Image Src", "Image Position", "SEO Title", "Google / MPN"),
]
BODY = (
    "<p>Thrown and glazed by hand.</p>\n<ul><li>Safe in the oven</li><li>Not alike</li></ul>" * 12
)
COLOURS, SIZES = ("Ash", "Ink", "Moss", "Rust"), ("S", "M", "L")


def rows(count: int) -> Iterator[dict[str, object]]:
    dice = random.Random(5)
    written = number = 0
    while written < count:
        number += 1
        lines = min(dice.choice((1, 2, 4, 6, 8, 12)), count - written)
        written += lines
        for line in range(lines):
            yield _line(number, line, dice)


def _line(number: int, line: int, dice: random.Random) -> dict[str, object]:
    handle = f"thing-{number}"
    cells: dict[str, object] = {"Handle": handle}
    if line == 0:
        cells |= {"Title": f"Thing {number}", "Body (HTML)": BODY, "Vendor": f"Kiln {number % 9}"}
        cells |= {"Type": f"Kind {number % 14}", "Tags": "new, clay", "Published": "true"}
        cells |= {"Option1 Name": dice.choice(("Color", "COLOR")), "Option2 Name": "Size"}
    if line < len(COLOURS) * len(SIZES) - 3:
        cells |= {"Option1 Value": COLOURS[line % 4], "Option2 Value": SIZES[line // 4]}
        cells |= {"Variant SKU": f"T{number}-{line}" if number % 3 else "", "Variant Grams": 250}
        cells |= {"Variant Inventory Qty": line * 3, "Variant Price": f"{10 + line}.50"}
        cells |= {"Variant Compare At Price": "99" if number % 4 == 0 else ""}
    cells |= {
        "Image Src": f"https://pictures.example/{handle}-{line}.jpg",
        "Image Position": line + 1,
    }
    return cells


def figures(report: Report) -> dict[str, object]:
    said = report.as_json()
    return said | {"errors": len(said["errors"]), "warnings": len(said["warnings"])}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "export.csv"
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, restval="")
                writer.writeheader()
                writer.writerows(rows(count))
            clock = time.process_time()
            first = figures(import_products(wish=Wish(path=path), now=timezone.now()))
            first["cpu_seconds"] = round(time.process_time() - clock, 2)
            again = figures(import_products(wish=Wish(path=path), now=timezone.now()))
            tracemalloc.start()
            import_products(wish=Wish(path=path, dry_run=True), now=timezone.now())
            peak = tracemalloc.get_traced_memory()[1]
        print(json.dumps({"rows": count, "first": first, "again": again, "peak_mb": peak // 10**6}))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)


if __name__ == "__main__":
    main()
