"""Which format a file is in, told by its columns."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from catalog.services.imports import jsonlines, plain, shopify, woocommerce
from catalog.services.imports.reading import Scan
from catalog.services.imports.rows import ProductRow
from shop.lib import csvfiles
from shop.lib.csvfiles import BadRow, FileRefused, Row, Table, fold

NAMES = ("auto", "shopify", "woocommerce", "csv", "jsonl")
Reader = Callable[[Iterable[Row | BadRow], Scan], Iterator[ProductRow]]


@dataclass(frozen=True, slots=True)
class Format:
    """How a format is told, read, and named in the catalogue."""

    name: str
    source: str
    needs: tuple[str, ...]
    knows: Callable[[str], bool]
    read: Reader


def formats(now: dt.datetime) -> dict[str, Format]:
    return {
        "woocommerce": Format(
            *("woocommerce", woocommerce.SOURCE, ("type", "name", "regular price")),
            lambda name: (
                name in woocommerce.KNOWN or bool(woocommerce.KNOWN_PATTERN.fullmatch(name))
            ),
            partial(woocommerce.read, now=now),
        ),
        "shopify": Format(
            *("shopify", shopify.SOURCE, ("title", "option1 name")),
            shopify.KNOWN.__contains__,
            shopify.read,
        ),
        "csv": Format("csv", plain.SOURCE, ("slug", "title"), plain.KNOWN.__contains__, plain.read),
        "jsonl": Format("jsonl", jsonlines.SOURCE, (), lambda _name: True, jsonlines.read),
    }


def named(name: str, path: Path) -> str:
    """The format asked for; JSON lines are told by the file's name, not by its columns."""
    return "jsonl" if name == "auto" and jsonlines.is_one(path) else name


def table(name: str, path: Path) -> AbstractContextManager[Table]:
    """Open a file of this format as rows. Raises FileRefused."""
    return jsonlines.table(path) if name == "jsonl" else csvfiles.table(path)


def pick(name: str, columns: Sequence[str], *, now: dt.datetime) -> Format:
    """The format asked for, or the one the columns speak of. Raises FileRefused."""
    there = {fold(column) for column in columns}
    known = formats(now)
    if name != "auto":
        return _complete(known[name], there)
    if "slug" in there and "title" in there:
        return known["csv"]
    if there & set(shopify.HANDLE):
        return _complete(known["shopify"], there)
    if there.issuperset(known["woocommerce"].needs):
        return known["woocommerce"]
    raise FileRefused(
        _(
            "This is no product file we know. Its columns begin with: %(columns)s."
            " We read the exports of Shopify, of WooCommerce, and our own."
        )
        % {"columns": ", ".join(columns[:4])[:200]}
    )


def _complete(chosen: Format, there: set[str]) -> Format:
    missing = [column for column in chosen.needs if column not in there]
    if missing:
        raise FileRefused(
            _("For a file of the format %(name)s these columns are missing: %(columns)s.")
            % {"name": chosen.name, "columns": ", ".join(missing)}
        )
    return chosen


def unknown(chosen: Format, columns: Sequence[str]) -> list[str]:
    """The columns nobody reads."""
    return [column for column in columns if column and not chosen.knows(fold(column))]
