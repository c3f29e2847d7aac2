"""VAT numbers: how they are written, whether they can exist, and what VIES said of them.

Only the Union's numbers are asked about. British ones are checked by their figures alone: they are
another register's, and the reverse charge is the Union's.
"""

import datetime as dt
import re
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.exceptions import (
    InvalidChecksum,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

from accounts.gateways import vies
from accounts.gateways.vies import NoAnswer
from accounts.models import VatCheck
from shop.lib.errors import Refused

# How long a "valid" of VIES is relied on before it is asked again.
PROOF_LASTS = dt.timedelta(days=90)
FIRST_GAP, LONGEST_GAP = dt.timedelta(minutes=1), dt.timedelta(hours=6)
MOST_TRIES = 60
SEPARATORS = re.compile(r"[\s.,/\-_]+")
PREFIX = re.compile(r"[A-Z]{2}")
# The prefixes that a number may have; Greece and Northern Ireland have their own.
UNION = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE", "IT",
    "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI",
})  # fmt: skip
PREFIXES = UNION | {"GB"}
PREFIX_OF = {"GR": "EL", "UK": "GB"}
MODULE_OF = {"EL": "gr", "XI": "gb"}
Status = VatCheck.State


class NotAVatNumber(Refused):
    """Raised when a text can't be a VAT number; the message says what is wrong with it."""


class Standing(StrEnum):
    """What is known of a number. Unproved: nobody has answered, or too long ago."""

    VALID = "valid"
    INVALID = "invalid"
    UNPROVED = "unproved"


def normalise(text: str, *, country: str = "") -> str:
    """As the register writes it: "de 123.456 789" is DE123456789. `country` where it has no prefix."""
    number = SEPARATORS.sub("", text).upper()
    own = PREFIX_OF.get(country, country)
    if not PREFIX.match(number) or (own in PREFIXES and _fits(own, number)):
        number = own + number
    return PREFIX_OF.get(number[:2], number[:2]) + number[2:]


def check(text: str, *, country: str = "") -> str:
    """The number normalised, if its figures can be one. Raises NotAVatNumber. Asks nobody."""
    number = normalise(text, country=country)
    prefix = number[:2]
    if prefix not in PREFIXES:
        raise NotAVatNumber(
            _("A VAT number begins with its country, such as DE or FR; “%(prefix)s” is none.")
            % {"prefix": prefix}
        )
    try:
        figures = str(_module(prefix).validate(number[2:]))
    except ValidationError as error:
        raise NotAVatNumber(_words(error, prefix)) from error
    return prefix + figures.removeprefix(prefix)


def country_of(number: str) -> str:
    """The ISO code of a normalised number's country: GR for EL."""
    return {"EL": "GR", "XI": "GB"}.get(number[:2], number[:2])


def proofs(number: str, *, now: dt.datetime) -> QuerySet[VatCheck]:
    """The answer that proves a normalised number now; nothing when there is none."""
    return VatCheck.objects.filter(
        number=number, state=Status.VALID, answered_at__gt=now - PROOF_LASTS
    )


def standing(number: str, *, now: dt.datetime) -> Standing:
    """What is known of a normalised number. One query, no question to anybody."""
    found = VatCheck.objects.filter(number=number).first()
    return _standing(found, now)


def _standing(found: VatCheck | None, now: dt.datetime) -> Standing:
    if found is None or found.answered_at is None or found.answered_at <= now - PROOF_LASTS:
        return Standing.UNPROVED
    return {Status.VALID: Standing.VALID, Status.INVALID: Standing.INVALID}.get(
        Status(found.state), Standing.UNPROVED
    )


def may_ask(number: str, *, now: dt.datetime) -> bool:
    """Whether VIES knows numbers of this country, and was not asked this one a moment ago."""
    lately = VatCheck.objects.filter(number=number, asked_at__gt=now - FIRST_GAP)
    return number[:2] in UNION and not lately.exists()


def ask(*, number: str, now: dt.datetime, requester: str = "") -> VatCheck:
    """Ask VIES about a normalised number and keep its answer. Never inside a transaction.

    requester: the shop's own number, for a receipt. Without an answer the number is unproved,
    unless an earlier answer still counts.
    """
    try:
        answer = vies.ask(number=number, requester=requester)
    except NoAnswer as trouble:
        return _unanswered(number, str(trouble), now)
    found, _is_new = VatCheck.objects.update_or_create(
        number=number,
        defaults={
            "state": Status.VALID if answer.is_valid else Status.INVALID,
            "asked_at": now,
            "answered_at": now,
            "consultation": answer.consultation[:40],
            "holder": answer.holder[:200],
            "tries": 0,
            "last_error": "",
        },
    )
    return found


def _unanswered(number: str, trouble: str, now: dt.datetime) -> VatCheck:
    found, _is_new = VatCheck.objects.get_or_create(number=number, defaults={"asked_at": now})
    if _standing(found, now) == Standing.UNPROVED:
        found.state, found.answered_at = Status.UNANSWERED, None
        found.consultation = found.holder = ""
    found.asked_at, found.last_error = now, trouble[:200]
    found.tries = min(found.tries + 1, MOST_TRIES)
    found.save()
    return found


def gap(tries: int) -> dt.timedelta:
    """How long to wait after so many questions without an answer: twice as long each time."""
    return min(FIRST_GAP * (1 << min(max(tries - 1, 0), 16)), LONGEST_GAP)


def due(*, now: dt.datetime) -> QuerySet[VatCheck]:
    """Those to ask again by now, the longest waiting first."""
    waited = Q(asked_at__lte=now - LONGEST_GAP)
    tries = 1
    while gap(tries) < LONGEST_GAP:
        waited |= Q(tries__lte=tries, asked_at__lte=now - gap(tries))
        tries += 1
    unanswered = VatCheck.objects.filter(state=Status.UNANSWERED, tries__lt=MOST_TRIES)
    return unanswered.filter(waited).order_by("asked_at", "pk")


def claim(check: VatCheck, *, now: dt.datetime) -> bool:
    """Whether this process is the one to ask; another may have taken the same row."""
    rows = VatCheck.objects.filter(pk=check.pk, asked_at=check.asked_at)
    return bool(rows.update(asked_at=now))


def _fits(prefix: str, number: str) -> bool:
    """Whether a text that begins with two letters is a number without its country, as in Spain."""
    return number[:2] not in PREFIXES | PREFIX_OF.keys() and _module(prefix).is_valid(number)


def _module(prefix: str) -> Any:
    return get_cc_module(MODULE_OF.get(prefix, prefix.lower()), "vat")


def _words(error: ValidationError, prefix: str) -> str:
    country = {"country": prefix}
    if isinstance(error, InvalidLength):
        return _("A VAT number of %(country)s has another length.") % country
    if isinstance(error, InvalidChecksum):
        return _("The figures of this VAT number do not fit together: check for a typing error.")
    if isinstance(error, InvalidFormat):
        return _("A VAT number of %(country)s is written differently.") % country
    return _("This is not a VAT number of %(country)s.") % country
