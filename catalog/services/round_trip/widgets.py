"""One cell into one value and back. What can't be read raises BadCell with a sentence.

Blank cells never come here: what they mean is the column's business.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from import_export.widgets import Widget

from catalog.services.imports import cells
from catalog.services.imports.cells import BadCell
from shop.lib.money import quantum
from shop.lib.text import clean, clean_html

MOST_MONEY = Decimal(1_000_000)
TAGS_AT_MOST = 60
BARCODE = re.compile(r"[0-9]{8,14}")


class Text(Widget):  # type: ignore[misc]
    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        text = " ".join(clean(value).split())
        if len(text) > self.limit:
            raise BadCell(_("has more than %(limit)s letters") % {"limit": self.limit})
        return text

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else str(value)


class Html(Text):
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        if len(value) > self.limit:
            raise BadCell(_("has more than %(limit)s letters") % {"limit": self.limit})
        return clean_html(value)


class Slug(Text):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        slug = super().clean(value, row, **kwargs)
        try:
            validate_slug(slug)
        except ValidationError:
            raise BadCell(_("“%(cell)s” can't be part of an address") % _cell(value)) from None
        return slug


class Barcode(Text):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        code = str(super().clean(value, row, **kwargs)).lstrip("'").replace(" ", "")
        if not BARCODE.fullmatch(code):
            told = _("“%(cell)s” is no barcode of 8 to 14 digits; spreadsheets round long numbers")
            raise BadCell(told % _cell(value))
        return code


class Country(Text):
    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        code = str(super().clean(value, row, **kwargs)).upper()
        if not re.fullmatch(r"[A-Z]{2}", code):
            raise BadCell(_("“%(cell)s” is no country code such as PT") % _cell(value))
        return code


class Number(Widget):  # type: ignore[misc]
    """An exact number of so many places after the point, within limits."""

    def __init__(self, *, least: Decimal, most: Decimal, places: int) -> None:
        super().__init__()
        self.least, self.most, self.step = least, most, Decimal(1).scaleb(-places)

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        number = cells.decimal(clean(value))
        if number is None:
            raise BadCell(_("“%(cell)s” is not a number; write it as 12.50") % _cell(value))
        if not self.least <= number <= self.most:
            told = {"least": self.least, "most": self.most}
            raise BadCell(_("must be between %(least)s and %(most)s") % told)
        if number != number.quantize(self.step):
            raise BadCell(_("“%(cell)s” has too many places after the point") % _cell(value))
        return number

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        if value is None:
            return ""
        written = f"{Decimal(value).quantize(self.step):f}"
        return written.rstrip("0").rstrip(".") if self.step < Decimal("0.01") else written


class Amount(Number):
    """An amount of money in a market's currency."""

    def __init__(self, currency: str) -> None:
        places = -int(quantum(currency).as_tuple().exponent)
        super().__init__(least=Decimal(0), most=MOST_MONEY, places=places)


class Whole(Number):
    def __init__(self, *, least: int, most: int) -> None:
        super().__init__(least=Decimal(least), most=Decimal(most), places=0)

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        return int(super().clean(value, row, **kwargs))


class YesNo(Widget):  # type: ignore[misc]
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        word = clean(value).lower()
        if word in cells.YES:
            return True
        if word in cells.NO:
            return False
        raise BadCell(_("“%(cell)s” is neither yes nor no") % _cell(value))

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else ("yes" if value else "no")


class OneOf(Widget):  # type: ignore[misc]
    """One of some words, each standing for a value; upper and lower case are the same."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__()
        self.values = {word.casefold(): value for word, value in values.items()}
        self.words = {value: word for word, value in values.items()}

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        word = clean(value).strip("/").casefold()
        if word not in self.values:
            known = ", ".join(list(self.words.values())[:8])
            told = {"known": known + (" …" if len(self.words) > 8 else "")}
            raise BadCell(_("“%(cell)s” is not one of: %(known)s") % {**_cell(value), **told})
        return self.values[word]

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return str(self.words.get(value, ""))


class Tags(Widget):  # type: ignore[misc]
    """Words between commas; said twice, kept once. "\\," is a comma within one."""

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        kept: dict[str, str] = {}
        for tag in cells.split(value):
            if len(tag) > cells.MAX_TAG:
                raise BadCell(_("the tag “%(cell)s” is too long") % _cell(tag))
            kept.setdefault(tag.casefold(), tag)
        if len(kept) > TAGS_AT_MOST:
            raise BadCell(_("has more than %(count)s tags") % {"count": TAGS_AT_MOST})
        return list(kept.values())

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return ", ".join(tag.replace(",", "\\,") for tag in value or ())


class Moment(Widget):  # type: ignore[misc]
    """A time of a day; without a zone it is the shop's own, without a time it is midnight."""

    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        written = clean(value)
        try:
            moment = parse_datetime(written) or _midnight(written)
        except ValueError:
            moment = None
        if moment is None:
            raise BadCell(_("“%(cell)s” is no moment such as 2026-03-01 09:00") % _cell(value))
        aware = moment if timezone.is_aware(moment) else timezone.make_aware(moment)
        return aware.replace(microsecond=0)

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")


class Day(Widget):  # type: ignore[misc]
    def clean(self, value: str, row: Any = None, **_kwargs: Any) -> Any:  # noqa: ARG002
        try:
            day = parse_date(clean(value)[:10])
        except ValueError:
            day = None
        if day is None:
            raise BadCell(_("“%(cell)s” is no day such as 2026-03-01") % _cell(value))
        return day

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> str:  # noqa: ARG002
        return "" if value is None else value.isoformat()


def _midnight(written: str) -> dt.datetime | None:
    day = parse_date(written)
    return dt.datetime.combine(day, dt.time()) if day else None


def _cell(value: str) -> dict[str, str]:
    return {"cell": clean(value)[:40]}
