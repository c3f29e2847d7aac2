"""Finding an order by whatever somebody at the telephone has in hand."""

import re
from typing import Any

from django.db.models import Q, QuerySet

from orders.models import Claim, Order, OrderLine, Return
from orders.models.order import PHONE_DIGITS
from payments.models import Document
from shipping.models import Fulfilment, Label

# Three letters are the least that an index of parts of words can help with.
PART = 3
LEAST_DIGITS = 5
PHONE = re.compile(r"[+(]?[0-9][0-9 ()/.-]{5,}[0-9]")
Ids = QuerySet[Any, Any]


def narrow(orders: QuerySet[Order], term: str) -> QuerySet[Order]:
    """Those that have every word of the term somewhere; a telephone number is one word."""
    term = term.strip()
    words = [term] if PHONE.fullmatch(term) else term.split()
    for word in words[:6]:
        orders = orders.filter(pk__in=_about(word.removeprefix("#")))
    return orders


def _about(word: str) -> Ids:
    """Ids of the orders a word may be about. Each part has an index, which an OR would not use."""
    # As typed and in capitals: that is how both are written.
    spellings = {word, word.upper()}
    return (
        Order.objects.filter(number__startswith=word.upper())
        .values("pk")
        .union(
            _with(Q(reference__in=spellings)),
            OrderLine.objects.filter(sku__in=spellings).values("order"),
            Fulfilment.objects.filter(tracking_number__in=spellings).values("order"),
            Label.objects.filter(tracking_number__in=spellings, rma__isnull=False).values(
                "rma__order"
            ),
            Return.objects.filter(number__in=spellings).values("order"),
            Return.objects.filter(tracking_number__in=spellings).values("order"),
            Claim.objects.filter(number__in=spellings).values("order"),
            Document.objects.filter(label__in=spellings).values("order"),
            *_parts(word),
        )
    )


def _parts(word: str) -> list[Ids]:
    how = "contains" if len(word) >= PART else "startswith"
    found = [_with(Q(**{f"email__i{how}": word})), _with(Q(**{f"name__i{how}": word}))]
    digits = re.sub(r"\D", "", word).lstrip("0")
    if len(digits) >= LEAST_DIGITS and PHONE.fullmatch(word):
        found.append(_with_phone(digits))
    return found


def _with(about: Q) -> Ids:
    return Order.objects.filter(about).values("pk")


def _with_phone(digits: str) -> Ids:
    numbers = Order.objects.exclude(phone="").alias(digits=PHONE_DIGITS)
    return numbers.filter(digits__contains=digits).values("pk")
