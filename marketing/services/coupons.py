"""Making, linking and switching off codes."""

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import Customer
from marketing.models import Coupon, Promotion
from marketing.queries.coupons import by_codes, in_batch, normalised
from shop.lib.errors import Refused
from shop.lib.locks import locked

# Without vowels no words come about; without 0 and 1 nothing is taken for a letter.
LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
# 28 to the tenth: with 50,000 codes about, it takes six thousand million tries to hit one.
SECRET_LENGTH, GROUP = 10, 5
MOST_CODES, AT_ONCE = 50_000, 5_000
LONGEST_PREFIX = 40 - SECRET_LENGTH - 2
LONGEST_BATCH = 40
# One statement for thousands: a tenth of the time that rows made one by one would take.
STORE = """
    insert into marketing_coupon
        (promotion_id, code, is_card, usage_limit, uses, is_active, batch, created_at)
    select %(promotion)s, code, %(is_card)s, %(limit)s, 0, true, %(batch)s, %(now)s
    from unnest(%(codes)s::text[]) as code
    on conflict do nothing
"""


class BadCode(Refused):
    """Raised for what can't be a code."""


class CodeTaken(Refused):
    """Raised for a code that is there already, in any case."""


class TooMany(Refused):
    """Raised when no codes, or too many, are asked for."""


class UnknownCard(Refused):
    """Raised for a card that is not there, is off, or is somebody else's: nothing tells which."""

    def __init__(self) -> None:
        super().__init__(_("We don't know this card, or it is linked to another account."))


def create(
    *,
    promotion: Promotion,
    code: str,
    now: dt.datetime,
    usage_limit: int | None = None,
    customer: Customer | None = None,
    is_card: bool = False,
) -> Coupon:
    """One code by a name of its own. Raises BadCode or CodeTaken."""
    plain = normalised(code)
    if not plain:
        raise BadCode(_("A code is 3 to 40 letters, digits and hyphens; no hyphen comes first."))
    try:
        with transaction.atomic():
            return Coupon.objects.create(
                promotion=promotion,
                code=plain,
                is_card=is_card,
                customer=customer,
                linked_at=now if customer else None,
                usage_limit=usage_limit,
                created_at=now,
            )
    except IntegrityError:
        raise CodeTaken(_("The code %(code)s is there already.") % {"code": plain}) from None


@transaction.atomic
def generate(
    *,
    promotion: Promotion,
    count: int,
    now: dt.datetime,
    prefix: str = "",
    batch: str = "",
    usage_limit: int | None = 1,
    is_card: bool = False,
) -> str:
    """So many codes that nobody can guess. Returns the name of their batch.

    Raises BadCode for a prefix no code can begin with, TooMany beyond 50,000.
    """
    if not 1 <= count <= MOST_CODES:
        raise TooMany(_("Ask for 1 to %(most)s codes at once.") % {"most": MOST_CODES})
    begin = _beginning(prefix)
    like = {
        "promotion": promotion.pk,
        "batch": batch.strip()[:LONGEST_BATCH] or f"{begin}{now:%Y%m%d-%H%M%S}",
        "limit": usage_limit,
        "is_card": is_card,
        "now": now,
    }
    while count:
        count -= _store(like, {_unguessable(begin) for _n in range(min(count, AT_ONCE))})
    return str(like["batch"])


def _beginning(prefix: str) -> str:
    if not prefix.strip():
        return ""
    # Looked at with an ending, as a code of its own it may be too short.
    begin = normalised(f"{prefix.strip().rstrip('-')}-XX").removesuffix("XX")
    if not begin or len(begin) > LONGEST_PREFIX:
        words = {"most": LONGEST_PREFIX - 1}
        raise BadCode(_("A prefix is at most %(most)s letters, digits and hyphens.") % words)
    return begin


def _unguessable(begin: str) -> str:
    text = "".join(secrets.choice(LETTERS) for _n in range(SECRET_LENGTH))
    return f"{begin}{text[:GROUP]}-{text[GROUP:]}"


def _store(like: Mapping[str, Any], codes: Iterable[str]) -> int:
    """Write those codes that are new; says how many they were, so that the rest is made up."""
    with connection.cursor() as cursor:
        cursor.execute(STORE, {**like, "codes": list(codes)})
        return int(cursor.rowcount)


def disable(*, promotion: Promotion, batch: str) -> int:
    """Switch a batch off; baskets that hold one of its codes are told. Returns how many."""
    return in_batch(promotion, batch).filter(is_active=True).update(is_active=False)


def enable(*, promotion: Promotion, batch: str) -> int:
    return in_batch(promotion, batch).filter(is_active=False).update(is_active=True)


@transaction.atomic
def link_card(*, code: str, customer: Customer, now: dt.datetime) -> Coupon:
    """Let a numbered discount card work whenever this customer is signed in. Twice is once.

    Raises UnknownCard. How often somebody may try is up to the view.
    """
    card = _card(by_codes([normalised(code)]))
    if card.customer_id not in (None, customer.pk):
        raise UnknownCard
    if card.customer_id is None:
        card.customer, card.linked_at = customer, now
        card.save(update_fields=["customer", "linked_at"])
    return card


@transaction.atomic
def unlink_card(*, coupon_id: int, customer: Customer) -> None:
    """Let go of a card of one's own; it may be linked again. Raises UnknownCard."""
    card = _card(Coupon.objects.filter(pk=coupon_id))
    if card.customer_id != customer.pk:
        raise UnknownCard
    card.customer, card.linked_at = None, None
    card.save(update_fields=["customer", "linked_at"])


def _card(rows: "QuerySet[Coupon]") -> Coupon:
    cards = locked(rows.filter(is_card=True, is_active=True))
    if not cards:
        raise UnknownCard
    return cards[0]
