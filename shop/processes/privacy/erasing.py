"""Forget somebody: everything but what tax law keeps, in one transaction, or not yet and why."""

import datetime as dt
from collections import defaultdict
from functools import partial
from importlib import import_module

from django.conf import settings
from django.db import transaction

from accounts.models import Customer, PrivacyRequest
from orders.models import Order
from payments.services import cards
from shop.audit import services as audit
from shop.audit.models import Entry
from shop.lib.locks import locked
from shop.lib.page_cache import throw_away_pages
from shop.outbox import delivery, happenings
from shop.outbox.models import post
from shop.processes.privacy import files, owing, redacting, specials
from shop.processes.privacy.person import Person, of_customer, of_email
from shop.processes.privacy.whose import rows_of

State = PrivacyRequest.State


def person_of(request: PrivacyRequest) -> Person:
    """Whoever proved the address, or was signed in."""
    if request.customer is not None and not request.email:
        return of_customer(request.customer)
    return of_email(request.email)


def work(*, request_id: int, now: dt.datetime) -> PrivacyRequest:
    """Do what a proved request asks for. Safe to repeat. Raises GatewayUnreachable.

    The provider forgets first: it is asked outside of any transaction.
    """
    request = PrivacyRequest.objects.select_related("customer").get(pk=request_id)
    if request.state not in (State.PROVED, State.WORKING):
        return request
    person = person_of(request)
    if not owing.reasons(person):
        for customer in Customer.objects.filter(pk__in=person.customers):
            cards.forget_at_provider(customer=customer)
    return _decide(request_id=request_id, now=now)


@transaction.atomic(durable=True)
def _decide(*, request_id: int, now: dt.datetime) -> PrivacyRequest:
    request = locked(PrivacyRequest.objects.filter(pk=request_id))[0]
    if request.state not in (State.PROVED, State.WORKING):
        return request
    person = _held(person_of(request))
    if reasons := owing.reasons(person):
        _refuse(request, reasons, now)
        return request
    report = _forget(person, now=now)
    request.refresh_from_db()
    request.state, request.report, request.done_at = State.DONE, report, now
    request.save(update_fields=["state", "report", "done_at"])
    return request


def _held(person: Person) -> Person:
    """Lock the record and its orders, so that nothing is added while it is forgotten."""
    locked(Customer.objects.filter(pk__in=person.customers))
    locked(Order.objects.filter(pk__in=person.orders))
    return person


def _refuse(request: PrivacyRequest, reasons: list[str], now: dt.datetime) -> None:
    request.state, request.reason, request.done_at = State.REFUSED, "\n".join(reasons), now
    request.save(update_fields=["state", "reason", "done_at"])
    key = f"privacy-refused-{request.pk}"
    post(topic="privacy.tell_refused", key=key, payload={"request_id": request.pk}, now=now)
    delivery.ring()


def _forget(person: Person, *, now: dt.datetime) -> dict[str, dict[str, int]]:
    """Returns what was done to how many rows of which table."""
    report: dict[str, dict[str, int]] = defaultdict(dict)
    names = sorted(set(redacting.files_of(person)))
    sessions = list(
        rows_of(person, "usersessions.UserSession").values_list("session_key", flat=True)
    )
    with audit.erasing():
        _tell(person, now)
        specials.before(person)
        for label in redacting.in_order():
            done, count = redacting.forget(person, label)
            if count:
                report[label][done] = count
        specials.after(person, now=now)
        files.owe(names=names, now=now)
        transaction.on_commit(partial(_let_go, sessions), robust=True)
        _on_record(person, report, now)
    return dict(report)


def _let_go(sessions: list[str]) -> None:
    """What caches keep: copies of sessions, and pages with a review's author on them."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in sessions:
        store.delete(key)
    throw_away_pages()


def _on_record(person: Person, report: dict[str, dict[str, int]], now: dt.datetime) -> None:
    """That somebody was forgotten, without saying who it was."""
    rows = sum(count for done in report.values() for count in done.values())
    audit.note(
        kind=Entry.Kind.ERASE,
        act="customer.erased",
        actor=None,
        now=now,
        table="accounts_customer",
        row=str(person.customers[0]) if person.customers else "",
        count=rows,
    )


def _tell(person: Person, now: dt.datetime) -> None:
    """Systems outside that keep a copy are told whom to forget, by number."""
    for pk in person.customers:
        key, facts = f"customer-{pk}-erased", {"customer_ids": [pk]}
        happenings.happened(topic="customer.erased", key=key, facts=facts, now=now)
