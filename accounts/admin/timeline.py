"""Everything the shop knows of a customer in one timeline, as far as whoever asks may see it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import Consent, Customer, CustomerNote, PrivacyRequest, Visit
from catalog.models import Review
from orders.models import Claim, Order, Return
from payments.models import ValueEntry
from shop.audit.models import Entry as AuditEntry
from shop.outbox.models import Mail
from shop.templatetags.shop_text import money

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened. url: to its own page, "" without one; who: "" for the customer."""

    at: dt.datetime
    kind: str
    words: str
    detail: str = ""
    url: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Entries of one kind before a moment, newest first; right: what one must be allowed to see."""

    name: Promise
    right: str
    rows: Callable[[Customer, dt.datetime], Iterable[Entry]]


def entries(
    request: HttpRequest, customer: Customer, *, before: dt.datetime, kind: str = ""
) -> list[Entry]:
    """The newest before a moment, of one kind or of all; at most PER_PAGE and one more."""
    found: list[Entry] = []
    for code, source in SOURCES.items():
        if kind in ("", code) and request.user.has_perm(source.right):
            found += source.rows(customer, before)
    return sorted(found, key=lambda entry: entry.at, reverse=True)[: PER_PAGE + 1]


def kinds(request: HttpRequest) -> list[tuple[str, Promise]]:
    """The kinds that whoever asks may see."""
    return [(code, one.name) for code, one in SOURCES.items() if request.user.has_perm(one.right)]


def _orders(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    theirs = Q(customer=customer) | Q(customer=None, email__iexact=customer.email)
    rows = Order.objects.filter(theirs, placed_at__lt=before).order_by("-placed_at", "-pk")
    for row in rows[: PER_PAGE + 1]:
        told = {"number": row.number, "total": money(row.total, row.currency)}
        words = _("Order %(number)s, %(total)s") % told
        detail = f"{row.get_status_display()}, {row.get_payment_status_display()}"
        if row.customer_id is None:
            detail = _("%(state)s, as a guest") % {"state": detail}
        yield Entry(row.placed_at, "order", words, detail, _page("orders_order", row.pk))


def _returns(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = Return.objects.filter(order__customer=customer, requested_at__lt=before)
    for row in rows.order_by("-requested_at", "-pk")[: PER_PAGE + 1]:
        words = f"{row.get_kind_display()} {row.number}"
        url = _page("orders_return", row.pk)
        yield Entry(row.requested_at, "return", words, row.get_status_display(), url)


def _claims(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = Claim.objects.filter(order__customer=customer, opened_at__lt=before)
    for row in rows.order_by("-opened_at", "-pk")[: PER_PAGE + 1]:
        words = _("Claim %(number)s") % {"number": row.number}
        detail = f"{row.get_kind_display()}, {row.get_status_display()}"
        yield Entry(row.opened_at, "claim", words, detail, _page("orders_claim", row.pk))


def _mails(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = Mail.objects.filter(to__iexact=customer.email, sent_at__lt=before)
    for row in rows.defer("text", "html").order_by("-sent_at", "-pk")[: PER_PAGE + 1]:
        yield Entry(row.sent_at, "mail", row.subject, row.to, _page("outbox_mail", row.pk))


def _reviews(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = Review.objects.filter(customer=customer, written_at__lt=before)
    for row in rows.select_related("product").order_by("-written_at", "-pk")[: PER_PAGE + 1]:
        told = {"product": row.product.title, "stars": row.stars}
        words = _("Review of %(product)s: %(stars)s of 5") % told
        url = _page("catalog_review", row.pk)
        yield Entry(row.written_at, "review", words, row.text[:200], url)


def _value(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = ValueEntry.objects.filter(account__customer=customer, at__lt=before)
    for row in rows.select_related("account", "actor").order_by("-at", "-pk")[: PER_PAGE + 1]:
        words = f"{row.get_kind_display()}: {money(row.amount, row.account.currency)}"
        url = _page("payments_valueaccount", row.account_id)
        yield Entry(row.at, "value", words, row.reason, url, str(row.actor or ""))


def _notes(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = CustomerNote.objects.filter(customer=customer, at__lt=before).select_related("author")
    for row in rows.order_by("-at", "-pk")[: PER_PAGE + 1]:
        yield Entry(row.at, "note", row.text, who=str(row.author or ""))


def _visits(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = Visit.objects.filter(customer=customer, at__lt=before).order_by("-at", "-pk")
    for row in rows[: PER_PAGE + 1]:
        yield Entry(row.at, "visit", row.title or row.path, row.path if row.title else "")


def _consents(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    theirs = Q(customer=customer) | Q(customer=None, email__iexact=customer.email)
    rows = Consent.objects.filter(theirs, at__lt=before).select_related("text")
    for row in rows.order_by("-at", "-pk")[: PER_PAGE + 1]:
        answer = _("Agreed") if row.is_given else _("Refused")
        words = f"{answer}: {row.get_purpose_display()}"
        detail = _("%(where)s, version %(version)s of the words") % {
            "where": row.source,
            "version": row.text.version,
        }
        yield Entry(row.at, "consent", words, detail)


def _privacy(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = PrivacyRequest.objects.filter(customer=customer, asked_at__lt=before)
    for row in rows.order_by("-asked_at", "-pk")[: PER_PAGE + 1]:
        words = f"{row.get_kind_display()} ({row.number})"
        yield Entry(row.asked_at, "privacy", words, row.get_state_display())


def _audit(customer: Customer, before: dt.datetime) -> Iterator[Entry]:
    rows = AuditEntry.objects.filter(table="accounts_customer", row=str(customer.pk))
    for row in rows.filter(at__lt=before).order_by("-at", "-pk")[: PER_PAGE + 1]:
        changed = ", ".join(row.after or row.before or {}) if row.act == "update" else ""
        words = f"{row.get_kind_display()}: {row.act}"
        yield Entry(row.at, "audit", words, changed, who=row.actor_name)


SOURCES: dict[str, Source] = {
    "order": Source(lazy("Orders"), "orders.view_order", _orders),
    "return": Source(lazy("Returns"), "orders.view_return", _returns),
    "claim": Source(lazy("Claims"), "orders.view_claim", _claims),
    "mail": Source(lazy("Mails"), "outbox.view_mail", _mails),
    "review": Source(lazy("Reviews"), "catalog.view_review", _reviews),
    "value": Source(lazy("Gift cards and credit"), "payments.view_valueentry", _value),
    "note": Source(lazy("Notes"), "accounts.view_customernote", _notes),
    "visit": Source(lazy("Visits"), "accounts.view_visit", _visits),
    "consent": Source(lazy("Consent"), "accounts.view_consent", _consents),
    "privacy": Source(lazy("Privacy"), "accounts.view_privacyrequest", _privacy),
    "audit": Source(lazy("Done by staff"), "audit.view_entry", _audit),
}


def _page(name: str, pk: int) -> str:
    return reverse(f"admin:{name}_change", args=[pk])
