"""Gift cards: made when they are paid for or given away, and mailed on their day.

A card is money for any goods later (a multi-purpose voucher): no tax falls due when it is sold,
so its product type carries the zero class. Tax is counted on what it pays for.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Extra
from orders.models import Order, OrderLine
from payments.models import ValueAccount
from payments.services import balances, card_codes
from payments.services.balances import Cause
from shop.lib.errors import Refused
from shop.lib.workdays import shop_day, shop_zone
from shop.outbox import delivery
from shop.outbox.models import Message, post

Role = Extra.Role
# Longer than any law we sell under asks for.
YEARS = 5
MAILED_AT = dt.time(9, 0)


class NothingToSend(Refused):
    """Raised when a card is to be mailed that can't be: switched off, or without an address."""


@dataclass(frozen=True, slots=True)
class Present:
    """Who gets a card, what is written with it, and when it goes out (None: at once)."""

    email: str
    name: str = ""
    words: str = ""
    send_on: dt.date | None = None


@transaction.atomic
def issue(
    *,
    amount: Decimal,
    currency: str,
    present: Present,
    cause: Cause,
    bought: tuple[OrderLine, int] | None = None,
) -> ValueAccount:
    """Make a card worth this much and owe its mail, when it has an address.

    bought: the order line and which unit of it.
    """
    key = uuid.uuid4()
    code = card_codes.derive(key)
    today = shop_day(cause.now)
    line, unit = bought or (None, 0)
    card = ValueAccount.objects.create(
        kind=ValueAccount.Kind.GIFT_CARD,
        currency=currency,
        expires_on=_years_on(today),
        created_at=cause.now,
        key=key,
        digest=card_codes.digest_of(code),
        last4=code[-4:],
        line=line,
        unit=unit,
        recipient_email=present.email,
        recipient_name=present.name[:120],
        words=present.words[:500],
        send_on=max(today, present.send_on or today) if present.email else None,
    )
    balances.credit(account=card, amount=amount, cause=cause)
    card.balance = amount
    if present.email:
        _owe_mail(card, key=f"gift-card-{card.pk}", now=cause.now)
    return card


def _years_on(day: dt.date) -> dt.date:
    """The same day years later; 29 February becomes the 28th."""
    return day.replace(
        year=day.year + YEARS, day=28 if (day.month, day.day) == (2, 29) else day.day
    )


@transaction.atomic
def issue_many(*, count: int, amount: Decimal, currency: str, cause: Cause) -> list[ValueAccount]:
    """Cards without an address: their codes leave in a file, see code_of."""
    nobody = Present(email="")
    return [
        issue(amount=amount, currency=currency, present=nobody, cause=cause)
        for _one in range(count)
    ]


@transaction.atomic
def issue_for_line(*, line: OrderLine, now: dt.datetime) -> list[ValueAccount]:
    """A card for every unit of a paid line that has none yet. The order must be locked."""
    known = set(ValueAccount.objects.filter(line=line).values_list("unit", flat=True))
    present = _present(line)
    return [
        issue(
            amount=line.unit_price,
            currency=line.order.currency,
            present=present,
            cause=Cause(f"line-{line.pk}-{unit}", now),
            bought=(line, unit),
        )
        for unit in range(1, line.quantity + 1)
        if unit not in known and line.unit_price > 0
    ]


def _present(line: OrderLine) -> Present:
    """What the buyer said about the card; without an address it goes to the buyer."""
    said = {one["role"]: one for one in line.extras if one.get("role")}
    words = {role: one["value"] for role, one in said.items()}
    day = said.get(Role.DAY, {}).get("day", "")
    return Present(
        email=words.get(Role.ADDRESS) or line.order.email,
        name=words.get(Role.TO, ""),
        words=words.get(Role.WORDS, ""),
        send_on=dt.date.fromisoformat(day) if day else None,
    )


@transaction.atomic
def resend(*, card: ValueAccount, now: dt.datetime) -> None:
    """Owe its mail once more, from now. Raises NothingToSend."""
    if not card.is_active or not card.recipient_email:
        raise NothingToSend(_("It is switched off, or has no address."))
    stem = f"gift-card-{card.pk}"
    sent = Message.objects.filter(key__startswith=f"{stem}-again-").count()
    _owe_mail(card, key=f"{stem}-again-{sent + 1}", now=now, at_once=True)


def _owe_mail(card: ValueAccount, *, key: str, now: dt.datetime, at_once: bool = False) -> None:
    payload = {"account_id": card.pk, "key": key}
    message = post(topic="mail.gift_card", key=key, payload=payload, now=now)
    due_at = now if at_once else _due(card, now)
    if message is not None and due_at > now:
        message.due_at = due_at
        message.save(update_fields=["due_at"])
    delivery.ring()


def _due(card: ValueAccount, now: dt.datetime) -> dt.datetime:
    """The morning of its day, in the shop; at once when that is today or past."""
    if card.send_on is None or card.send_on <= shop_day(now):
        return now
    return dt.datetime.combine(card.send_on, MAILED_AT, tzinfo=shop_zone())


def code_of(card: ValueAccount) -> str:
    """A card's code as it is written, worked out again. For its mail and its one list only.

    Raises card_codes.CodeLost.
    """
    return card_codes.grouped(card_codes.recover(card.key, card.digest or ""))


def of_order(order: Order) -> list[ValueAccount]:
    """The cards an order bought, as its page tells of them: for whom, how much, sent when."""
    rows = ValueAccount.objects.filter(line__order=order).select_related("line")
    return list(rows.order_by("line__position", "unit"))
