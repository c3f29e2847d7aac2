"""Customers: who buys as whom, and how they come to a password."""

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes, force_str
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import Customer, CustomerGroup, User
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post

# Of the mail that leads to a new password; an invitation is one, too.
TOPIC = "mail.password_link"


class NotACustomer(Refused):
    """Raised when an address belongs to staff, who are not invited as customers."""


def of_user(user: object) -> Customer | None:
    """Whom somebody signed in buys as; None for guests and for staff. At most one query."""
    if not isinstance(user, User) or not may_sign_in(user):
        return None
    return Customer.objects.filter(user=user).first()


def customer_groups(customer: Customer | None) -> frozenset[int]:
    """Ids of the groups. One query, none for a guest."""
    if customer is None:
        return frozenset()
    return frozenset(customer.groups.values_list("pk", flat=True))


def may_sign_in(user: User) -> bool:
    """Customers sign in to the shop; staff only to the staff site."""
    return user.is_active and not user.is_staff and not user.is_superuser


@transaction.atomic
def settle(*, user: User, now: dt.datetime) -> Customer:
    """The customer of somebody who has just signed in, made or found by the address."""
    own = Customer.objects.filter(user=user).first()
    if own is not None:
        return own
    known = locked(Customer.objects.filter(email__iexact=user.email, user=None))
    if not known:
        return Customer.objects.create(
            email=user.email, user=user, name=user.name[:120], created_at=now
        )
    known[0].user = user
    known[0].save(update_fields=["user"])
    return known[0]


@transaction.atomic
def invite(*, customer: Customer, now: dt.datetime, prefix: str = "/") -> User:
    """Give a customer a login and mail them the way to a password. Raises NotACustomer.

    prefix: of the market whose pages the link leads to.
    """
    customer = locked(Customer.objects.filter(pk=customer.pk))[0]
    user = customer.user or User.objects.filter(email__iexact=customer.email).first()
    if user is None:
        user = User.objects.create_user(customer.email, name=customer.name)
    if not may_sign_in(user):
        raise NotACustomer(_("%(email)s can't sign in to the shop.") % {"email": user.email})
    if customer.user_id != user.pk:
        customer.user = user
        customer.save(update_fields=["user"])
    _owe_link(user, prefix=prefix, language=settings.LANGUAGE_CODE, now=now, is_invitation=True)
    return user


@transaction.atomic
def forgot_password(*, email: str, prefix: str, language: str, now: dt.datetime) -> None:
    """Mail a link to whoever signs in with this address. Strangers and staff get none."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is not None and may_sign_in(user):
        _owe_link(user, prefix=prefix, language=language, now=now, is_invitation=False)


def _owe_link(
    user: User, *, prefix: str, language: str, now: dt.datetime, is_invitation: bool
) -> None:
    """The link itself is made when the mail is: a token in the outbox would be a key lying about."""
    post(
        topic=TOPIC,
        # One a minute is enough, however often the button is pressed.
        key=f"password-{user.pk}-{now:%Y%m%d%H%M}",
        payload={
            "user_id": user.pk,
            "prefix": prefix,
            "language": language,
            "is_invitation": is_invitation,
        },
        now=now,
    )
    delivery.ring()


def link_parts(user: User) -> tuple[str, str]:
    """Who, and the proof, for the address in the mail. Holds until used, or for three days."""
    return urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)


def by_link(*, who: str, proof: str) -> User | None:
    """The customer's login that a mailed link is for; None when it does not hold (any more)."""
    try:
        pk = int(force_str(urlsafe_base64_decode(who)))
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=pk).first() if pk < 2**63 else None
    if user is None or not may_sign_in(user):
        return None
    return user if default_token_generator.check_token(user, proof) else None


def put_in_group(*, customers: Collection[int], group: CustomerGroup) -> int:
    """Returns how many were not in it before."""
    had = set(group.customers.filter(pk__in=customers).values_list("pk", flat=True))
    new = set(customers) - had
    group.customers.add(*new)
    return len(new)


def take_out_of_group(*, customers: Collection[int], group: CustomerGroup) -> int:
    """Returns how many were in it."""
    had = list(group.customers.filter(pk__in=customers).values_list("pk", flat=True))
    group.customers.remove(*had)
    return len(had)
