"""Seeing the shop as a customer sees it: read only, for an hour, and on record."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Customer, User
from accounts.services.customers import may_sign_in
from shop.audit import services as audit
from shop.audit.models import Entry
from shop.lib.errors import Refused

KEY = "view_as"
LONGEST = dt.timedelta(hours=1)
RIGHT = "accounts.view_as_customer"
TABLE = "accounts_customer"


class CannotView(Refused):
    """Raised for a customer who can't sign in: there is nothing to see."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """Whose shop is seen, and by whom."""

    customer: Customer
    user: User
    viewer: User


def begin(request: HttpRequest, *, customer: Customer, now: dt.datetime) -> None:
    """Show this session the shop as the customer's from now on. Raises CannotView."""
    if customer.user is None or not may_sign_in(customer.user):
        raise CannotView(_("This customer has no login: there is nothing to see."))
    until = now + LONGEST
    request.session[KEY] = {"customer": customer.pk, "until": until.timestamp()}
    note(request, customer, "begin", now=now)


def end(request: HttpRequest, *, now: dt.datetime) -> int | None:
    """Back to oneself. Returns the customer's id, None when nobody was looked at."""
    told = request.session.pop(KEY, None)
    if told is None:
        return None
    customer = Customer.objects.filter(pk=told["customer"]).first()
    if customer is not None:
        note(request, customer, "end", now=now)
    return int(told["customer"])


def viewed(request: HttpRequest, *, now: dt.datetime) -> Viewed | None:
    """Whom this session looks at the shop as; None without the right to (any more)."""
    told = request.session.get(KEY)
    viewer = request.user
    if told is None or not isinstance(viewer, User):
        return None
    if told["until"] < now.timestamp() or not (viewer.is_staff and viewer.has_perm(RIGHT)):
        del request.session[KEY]
        return None
    found = Customer.objects.select_related("user").filter(pk=told["customer"]).first()
    if found is None or found.user is None or not may_sign_in(found.user):
        return None
    return Viewed(found, found.user, viewer)


def note(request: HttpRequest, customer: Customer, act: str, *, now: dt.datetime) -> None:
    """Put on record that somebody begins, looks at a page, or ends."""
    row = str(customer.pk)
    audit.noted(request, kind=Entry.Kind.VIEW_AS, act=act, now=now, table=TABLE, row=row)
