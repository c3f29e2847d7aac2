"""Files for imports, and a look at everything an import may change."""

import csv
import io
from pathlib import Path

from django.db import connection
from django.utils import timezone

from shop.processes.importing import Wish, import_products

DATA = Path(__file__).resolve().parents[1] / "data"
NOW = timezone.now()
TABLES = ("catalog_", "inventory_", "outbox_")


def written(path, text, *, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def shopify(path, *rows, **how):
    """A Shopify export of these rows; a new product has Title and one price unless they say so."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    for name in ("Handle", "Title", "Option1 Name", "Option1 Value", "Variant Price"):
        if name not in columns:
            columns.append(name)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return written(path, text.getvalue(), **how)


def product(handle="mug", **cells):
    """The first line of a product with one variant."""
    return {"Handle": handle, "Title": handle.title(), "Variant Price": "10", **cells}


def imported(path, **wish):
    return import_products(wish=Wish(path=path, **wish), now=timezone.now())


def everything():
    """A fingerprint of every row an import may touch."""
    names = [name for name in connection.introspection.table_names() if name.startswith(TABLES)]
    with connection.cursor() as cursor:
        found = {}
        for name in names:
            cursor.execute(
                f"select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from \"{name}\" t"  # noqa: S608
            )
            found[name] = cursor.fetchone()[0]
    return found


def sentences(notes):
    return [(note.line, note.message) for note in notes]
