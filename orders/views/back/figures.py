"""What a return would bring, as its second step shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from inventory.models import Location
from orders.models import Order, Return
from orders.services import return_policy
from orders.views.back.asked import Asked
from orders.views.back.lines import Row
from shop.processes.returns.wanted import Estimate, Wanted
from shop.templatetags.shop_text import longdate, money

Wish, Way = Return.Wish, Return.Way


@dataclass(frozen=True, slots=True)
class Option:
    """One of several, in words."""

    value: str
    title: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line that comes back. wants_photo: its reason asks for a picture."""

    id: int
    words: str
    reason: str
    instead: str
    wants_photo: bool


@dataclass(frozen=True, slots=True)
class Told:
    """pieces, rows of the sum [(words, amount)], what it all comes to, and until when it is so."""

    pieces: tuple[Piece, ...]
    rows: tuple[tuple[str, str], ...]
    result: tuple[str, str]
    until: str
    wish: str


def wishes(order: Order, rows: Iterable[Row]) -> list[Option]:
    """What may be wanted for it: another piece only where one is there."""
    found = [
        Option(Wish.REFUND, _("Money back"), _("The way it was paid")),
        Option(Wish.GIFT_CARD, _("A gift card"), _("By mail, for the same amount")),
    ]
    if order.customer_id:
        credit = Option(Wish.STORE_CREDIT, _("Store credit"), _("In your account, at once"))
        found.insert(1, credit)
    if any(row.swaps for row in rows):
        hint = _("Choose it beside the piece; you pay or get the difference")
        found.append(Option(Wish.EXCHANGE, _("Another piece instead"), hint))
    return found


def ways(rows: Sequence[Row], wanted: Sequence[Wanted]) -> list[Option]:
    """How it may come back: with our label where we pay, to a counter where there is one."""
    faults = {one.code for one in return_policy.reasons() if one.is_our_fault}
    free = {row.id for row in rows if row.is_free}
    found = [Option(Way.OWN, _("I send it myself"), _("Any service that gives a receipt"))]
    if all(one.line_id in free or one.reason in faults for one in wanted):
        found.insert(
            0, Option(Way.LABEL, _("With your label"), _("We pay; you print it or show it"))
        )
    counter = Location.objects.filter(kind=Location.Kind.SHOP, is_active=True, line1__gt="")
    if place := counter.order_by("position", "pk").first():
        words = f"{place.name}, {place.line1}, {place.city}"
        found.append(Option(Way.COUNTER, _("I bring it"), words))
    return found


def told(order: Order, asked: Asked, found: Estimate, rows: Sequence[Row]) -> Told:
    currency = order.currency
    parts = [
        (_("Goods"), found.goods),
        (_("Delivery"), found.delivery),
        (_("Fee"), -found.fee),
        (_("New pieces"), -sum((one.gross for one in found.swaps.values()), Decimal(0))),
    ]
    return Told(
        pieces=tuple(_pieces(asked, found, rows)),
        rows=tuple((words, signed(amount, currency)) for words, amount in parts if amount),
        result=_result(asked, found, currency),
        until=longdate(found.until) if found.until else "",
        wish=str(Wish(asked.wish).label),
    )


def _result(asked: Asked, found: Estimate, currency: str) -> tuple[str, str]:
    if asked.wish == Wish.EXCHANGE and found.difference > 0:
        return _("You pay on top"), money(found.difference, currency)
    amount = -found.difference if asked.wish == Wish.EXCHANGE else found.total
    return _("You get back"), money(amount, currency)


def signed(amount: Decimal, currency: str) -> str:
    return money(amount, currency) if amount >= 0 else f"−{money(-amount, currency)}"


def _pieces(asked: Asked, found: Estimate, rows: Sequence[Row]) -> Iterable[Piece]:
    reasons = {one.code: one for one in return_policy.reasons()}
    by_id = {row.id: row for row in rows}
    for one in asked.wanted:
        row, reason = by_id[one.line_id], reasons.get(one.reason)
        label = f", {row.options_text}" if row.options_text else ""
        swap = found.swaps.get(one.line_id)
        instead = f"{swap.units} × {swap.variant.product.title}" if swap else ""
        if swap and swap.variant.label:
            instead += f", {swap.variant.label}"
        yield Piece(
            id=one.line_id,
            words=f"{one.units} × {row.title}{label}",
            reason=reason.label if reason else "",
            instead=instead,
            wants_photo=bool(reason and reason.wants_photo),
        )


def fields(asked: Asked) -> list[tuple[str, str]]:
    """Hidden fields that say the same again."""
    found = [("wish", asked.wish), ("words", asked.words)]
    for line, pick in asked.picks.items():
        if pick.count:
            found += [
                (f"units-{line}", pick.units),
                (f"reason-{line}", pick.reason),
                (f"note-{line}", pick.note),
                (f"swap-{line}", pick.swap),
            ]
    return [(name, value) for name, value in found if value]
