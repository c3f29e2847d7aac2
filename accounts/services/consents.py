"""Consent: who said yes or no to what, in which words, where and when. The newest answer counts."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from accounts.models import Consent, Customer, Purpose, Visit
from accounts.services import consent_texts


def give(
    *,
    customer: Customer | None = None,
    email: str = "",
    purpose: Purpose,
    source: str,
    now: dt.datetime,
) -> Consent:
    """Write down a yes to the words in force. source: "account", "checkout", "mail link", "staff".

    The same yes to the same words twice is one row.
    """
    return _answer(_Person(customer, email), purpose, is_given=True, source=source, now=now)


def withdraw(
    *,
    customer: Customer | None = None,
    email: str = "",
    purpose: Purpose,
    source: str,
    now: dt.datetime,
) -> Consent:
    """Write down a no, which counts from now on. What was kept by the yes goes at once."""
    person = _Person(customer, email)
    answer = _answer(person, purpose, is_given=False, source=source, now=now)
    if purpose == Purpose.VISITS:
        Visit.objects.filter(person.owns).delete()
    return answer


def allows(*, customer: Customer | None = None, email: str = "", purpose: Purpose) -> bool:
    """Whether the newest answer is yes. Without one it is no. One query."""
    newest = _newest(_Person(customer, email), purpose)
    return newest is not None and newest.is_given


def is_refused(*, customer: Customer | None = None, email: str = "", purpose: Purpose) -> bool:
    """Whether the newest answer is a no: for what was asked for in another place, like an order."""
    newest = _newest(_Person(customer, email), purpose)
    return newest is not None and not newest.is_given


def standing(*, customer: Customer) -> dict[str, Consent]:
    """The answer that counts, by purpose; purposes nobody asked about are missing. One query."""
    rows = Consent.objects.filter(_Person(customer, "").said).select_related("text")
    return {row.purpose: row for row in rows.order_by("at", "pk")}


def history(*, customer: Customer) -> "QuerySet[Consent]":
    """Every answer, the newest first."""
    rows = Consent.objects.filter(_Person(customer, "").said).select_related("text")
    return rows.order_by("-at", "-pk")


class _Person:
    """Somebody by record, by address, or by both: answers given either way count."""

    def __init__(self, customer: Customer | None, email: str) -> None:
        self.customer = customer
        both = (customer.email if customer else "", email)
        self.emails = [one.strip().lower() for one in both if one.strip()]

    @property
    def said(self) -> Q:
        if self.customer is not None:
            return Q(customer=self.customer) | Q(customer=None, email__in=self.emails)
        return Q(customer=None, email=self.email) | Q(customer__email__iexact=self.email)

    @property
    def email(self) -> str:
        return self.emails[0] if self.emails else ""

    @property
    def owns(self) -> Q:
        if self.customer is not None:
            return Q(customer=self.customer)
        return Q(customer__email__iexact=self.email)


def _newest(person: _Person, purpose: Purpose) -> Consent | None:
    return Consent.objects.filter(person.said, purpose=purpose).order_by("-at", "-pk").first()


def _answer(
    person: _Person, purpose: Purpose, *, is_given: bool, source: str, now: dt.datetime
) -> Consent:
    text = consent_texts.in_force(purpose=purpose, language=get_language() or "en-gb", now=now)
    newest = _newest(person, purpose)
    if newest is not None and (newest.is_given, newest.text_id) == (is_given, text.pk):
        return newest
    return Consent.objects.create(
        customer=person.customer,
        email="" if person.customer else person.email,
        purpose=purpose,
        is_given=is_given,
        text=text,
        source=source,
        at=now,
    )
