"""What a shopper in the waiting room is told: how many are ahead, how long, and what is gone."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import ceil
from time import monotonic
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import Market
from inventory.models import Reservation
from inventory.queries import Availability, availability
from orders.models import Cart, CartLine
from orders.services.coming import problem_of
from orders.services.waiting_room import Turn
from shop.lib.prepared import Prepared

# A thousand who wait look at the same shelf: it is read once for all that look within a second.
HELD_SECONDS, MOST_HELD = 1.0, 1_000
Shelf = Mapping[int, Availability]
_held: dict[frozenset[int], tuple[float, Shelf]] = {}


@dataclass(frozen=True, slots=True)
class Lost:
    """What of a basket can't be had: (title, why). is_all: nothing is left to wait for."""

    lines: tuple[tuple[str, str], ...]
    is_all: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A place in line, in words. seconds: when to look again."""

    ahead: int
    place: str
    wait: str
    seconds: int
    lost: Lost

    @classmethod
    def of(cls, turn: Turn, lost: Lost) -> "Standing":
        return cls(turn.ahead, _place(turn), _wait(turn), turn.look_again, lost)

    @property
    def announced(self) -> str:
        """All of it in a breath, for who hears the page."""
        told = [f"{title}: {why}" for title, why in self.lost.lines]
        return " ".join(told if self.lost.is_all else [self.place, self.wait, *told])


def lost_of(cart: Cart, *, now: dt.datetime) -> Lost:
    """What of a basket is sold out, or too few are left of. Two queries and no lock."""
    return _lost(OF_CART.rows(cart=cart.pk, now=now), now)


def lost_of_guest(*, token: str, market: Market, now: dt.datetime) -> Lost | None:
    """The same of the basket that a browser has the key of, found on the way.

    None when that one is a customer's, holds nothing, or is none.
    """
    lines = OF_GUEST.rows(token=token, market=market.pk, now=now)
    return _lost(lines, now) if lines else None


def _lost(lines: list[Any], now: dt.datetime) -> Lost:
    units = Counter[int]()
    for variant_id, _title, quantity, _holder, _keeps in lines:
        units[variant_id] += quantity
    # Whoever keeps some for himself has more than others.
    shopper = next((holder for *_line, holder, keeps in lines if keeps), None)
    stock = _shelf(units, shopper, now)
    problems = [
        (title, problem)
        for variant_id, title, *_rest in lines
        if (problem := problem_of(stock[variant_id], units[variant_id]))
    ]
    gone = all(not one.sellable and not one.paying for one in stock.values())
    return Lost(tuple(problems), is_all=bool(lines) and gone)


def _shelf(variants: Collection[int], shopper: UUID | None, now: dt.datetime) -> Shelf:
    if shopper:
        return availability(variants, shopper, now=now)
    wanted = frozenset(variants)
    at, found = _held.get(wanted, (0.0, {}))
    if wanted and monotonic() - at > HELD_SECONDS:
        if len(_held) >= MOST_HELD:
            _held.clear()
        at, found = _held[wanted] = (monotonic(), availability(wanted, now=now))
    return found


def _lines(now: dt.datetime, **of: Any) -> "QuerySet[CartLine, Any]":
    kept = Reservation.objects.filter(holder=OuterRef("cart__holder"), until__gt=now)
    rows = CartLine.objects.filter(**of).order_by("added_at", "pk")
    return rows.values_list(
        "variant_id", "variant__product__title", "quantity", "cart__holder", Exists(kept)
    )


OF_CART = Prepared(lambda cart, now: _lines(now, cart=cart))
OF_GUEST = Prepared(
    lambda token, market, now: _lines(
        now,
        cart__token=token,
        cart__market=market,
        cart__ordered_at=None,
        cart__customer=None,
    )
)


def _place(turn: Turn) -> str:
    if not turn.ahead:
        return _("You are next.")
    return ngettext(
        "%(count)s shopper is ahead of you.", "%(count)s shoppers are ahead of you.", turn.ahead
    ) % {"count": turn.ahead}


def _wait(turn: Turn) -> str:
    if turn.seconds is None:
        return _("Nobody is let in just now. We go on as soon as we can.")
    if turn.seconds < 60:
        return _("That takes less than a minute.")
    minutes = ceil(turn.seconds / 60)
    return ngettext(
        "That takes about %(count)s minute.", "That takes about %(count)s minutes.", minutes
    ) % {"count": minutes}
