"""What a shopper may add to a piece, what that costs in a market, and what was asked for.

An answer is {"extra": id, "value": text}; for a picture the value is the key of an upload.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from catalog.models import Extra, ExtraPrice, Market
from shop.lib.errors import Refused
from shop.lib.money import ZERO
from shop.lib.prepared import Prepared
from shop.lib.told import ToldRows, as_json, from_json
from shop.lib.workdays import shop_zone

Kind = Extra.Kind
DAYS_AHEAD = dt.timedelta(days=365)
Answer = dict[str, Any]


class BadExtras(Refused):
    """Raised for answers that do not fit what is offered (any more)."""


@dataclass(frozen=True, slots=True)
class Offered:
    """An extra with its surcharge per unit, as the market shows prices."""

    extra: Extra
    amount: Decimal

    @property
    def field(self) -> str:
        """The name of its form field."""
        return f"extra-{self.extra.pk}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An answer with its name and what it costs per unit, as the market shows prices."""

    name: str
    kind: str
    value: str
    amount: Decimal
    role: str = ""

    @property
    def words(self) -> str:
        if self.kind == Kind.FILE:
            return _("your picture")
        if self.kind == Kind.DATE:
            return date_format(dt.date.fromisoformat(self.value))
        return _("yes") if self.kind == Kind.TICK else self.value

    @property
    def picture(self) -> str:
        """The key of the upload; empty for words."""
        return self.value if self.kind == Kind.FILE else ""

    def as_json(self) -> dict[str, str]:
        found = {"name": self.name, "value": self.words, "amount": str(self.amount)}
        more = {
            "picture": self.picture,
            "role": self.role,
            "day": self.value if self.kind == Kind.DATE else "",
        }
        return found | {name: text for name, text in more.items() if text}


def extras_of(product_ids: Iterable[int], market: Market) -> dict[int, list[Offered]]:
    """The extras of products, in order. One query."""
    offered: dict[int, list[Offered]] = defaultdict(list)
    for extra in EXTRAS.rows(products=list(product_ids), market=market.pk):
        offered[extra.product_id].append(Offered(extra, extra.surcharge or ZERO))
    return offered


def _extras(products: list[int], market: int) -> "QuerySet[Extra]":
    prices = ExtraPrice.objects.filter(extra=OuterRef("pk"), market=market)
    extras = Extra.objects.filter(product__in=products)
    return extras.annotate(surcharge=Subquery(prices.values("amount")[:1])).order_by(
        "product", "position", "pk"
    )


EXTRAS = Prepared(_extras)


def read_with(product: str, market: str) -> ToldRows:
    """The extras of a row's product, to be read with it; see told(). product, market: the ways."""
    prices = ExtraPrice.objects.filter(extra=OuterRef("pk"), market=OuterRef(OuterRef(market)))
    # As text, so that no digit is lost on the way.
    surcharge = Cast(Subquery(prices.values("amount")[:1]), TextField())
    extras = Extra.objects.filter(product=OuterRef(product)).order_by("position", "pk")
    return ToldRows(extras.values_list(as_json(Extra, surcharge=surcharge)))


def told(rows: Sequence[Mapping[str, Any]]) -> list[Offered]:
    """What read_with() read."""
    amounts = [Decimal(row["surcharge"] or 0) for row in rows]
    return [Offered(*pair) for pair in zip(from_json(Extra, rows), amounts, strict=True)]


def chosen(*, answers: Iterable[Answer], offered: Sequence[Offered]) -> list[Chosen]:
    """The answers with today's names and surcharges, in the order of the offer. Raises BadExtras.

    An answer has to fit what is offered now: staff may have changed that since.
    """
    given = {int(one["extra"]): str(one["value"]) for one in answers}
    if given.keys() - {one.extra.pk for one in offered}:
        raise BadExtras(_("Something you added to it is not offered any more."))
    found = []
    for one in offered:
        value = given.get(one.extra.pk, "")
        _check(one.extra, value)
        if value:
            extra = one.extra
            found.append(Chosen(extra.name, extra.kind, value, one.amount, extra.role))
    return found


def _check(extra: Extra, value: str) -> None:
    if not value:
        if extra.is_required:
            raise BadExtras(_("“%(name)s” has to be filled in.") % {"name": extra.name})
        return
    if extra.kind == Kind.CHOICE and value not in extra.choice_names:
        raise BadExtras(
            _("“%(value)s” is not offered any more.") % {"value": value[:60]},
        )
    if extra.kind == Kind.TEXT and len(value) > extra.max_length:
        raise BadExtras(
            _("“%(name)s” has room for %(count)s letters.")
            % {"name": extra.name, "count": extra.max_length}
        )
    if extra.kind == Kind.EMAIL:
        _check_address(value)
    if extra.kind == Kind.DATE:
        _check_day(value)


def _check_address(value: str) -> None:
    try:
        validate_email(value)
    except ValidationError as error:
        raise BadExtras(_("“%(value)s” is no e-mail address.") % {"value": value[:60]}) from error


def _check_day(value: str) -> None:
    """A day in the calendar, no more than a year ahead. One that has come meanwhile is fine."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as error:
        raise BadExtras(_("“%(value)s” is no day.") % {"value": value[:20]}) from error
    if day > today() + DAYS_AHEAD:
        raise BadExtras(_("Choose a day within the next year."))


def today() -> dt.date:
    """The day in the shop."""
    return timezone.localdate(timezone=shop_zone())
