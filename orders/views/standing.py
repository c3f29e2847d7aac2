"""What a shopper in the waiting room is told: how many are ahead, how long, and what is gone."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inventory.queries import availability
from orders.models import Cart, CartLine
from orders.services.coming import problem_of
from orders.services.waiting_room import Turn
from shop.lib.prepared import Prepared


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
    lines = LINES.rows(cart=cart.pk)
    units = Counter[int]()
    for variant_id, _title, quantity in lines:
        units[variant_id] += quantity
    stock = availability(units, cart.holder, now=now)
    problems = [
        (title, problem)
        for variant_id, title, _quantity in lines
        if (problem := problem_of(stock[variant_id], units[variant_id]))
    ]
    gone = all(not one.sellable and not one.paying for one in stock.values())
    return Lost(tuple(problems), is_all=bool(lines) and gone)


LINES = Prepared(
    lambda cart: (
        CartLine.objects.filter(cart=cart)
        .order_by("added_at", "pk")
        .values_list("variant_id", "variant__product__title", "quantity")
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
