"""Customers: who buys as whom, and how they come to a password."""

import datetime as dt
from collections.abc import Collection

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Customer, CustomerGroup, User
from accounts.services import news
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post

# Of the mail that invites to choose a password.
TOPIC = "mail.password_link"


class NotACustomer(Refused):
    """Raised when an address belongs to staff, who are not invited as customers."""


class NotProved(Refused):
    """Raised when an address that was never confirmed would open what is another's."""


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
    """Whether somebody buys here; staff sign in at the same door, but only to work."""
    return user.is_active and not user.is_staff and not user.is_superuser


def has_proved(user: User) -> bool:
    """Whether the address somebody signs in with was shown to be theirs, by a mailed link."""
    addresses = EmailAddress.objects.filter(user=user, email__iexact=user.email)
    return bool(addresses.filter(verified=True).exists())


@transaction.atomic
def settle(*, user: User, now: dt.datetime) -> Customer:
    """The customer of somebody who has just signed in, made or found by the address.

    What was ordered with the address before comes along, so it must be proved. Raises NotProved.
    """
    own = Customer.objects.filter(user=user).first()
    if own is not None:
        return own
    if not has_proved(user):
        raise NotProved(_("Confirm your email address first."))
    known = locked(Customer.objects.filter(email__iexact=user.email, user=None))
    if not known:
        made = Customer.objects.create(
            email=user.email, user=user, name=user.name[:120], created_at=now
        )
        news.of_customers(topic=news.CREATED, customer_ids=[made.pk], now=now)
        return made
    known[0].user = user
    known[0].save(update_fields=["user"])
    news.of_customers(topic=news.CHANGED, customer_ids=[known[0].pk], now=now)
    return known[0]


@transaction.atomic
def follow_address(*, user: User, now: dt.datetime) -> None:
    """Keep the customer's address that of the login; another customer's address stays theirs."""
    own = locked(Customer.objects.filter(user=user))
    others = Customer.objects.filter(email__iexact=user.email).exclude(user=user)
    if own and own[0].email.lower() != user.email and not others.exists():
        own[0].email = user.email
        own[0].save(update_fields=["email"])
        news.of_customers(topic=news.CHANGED, customer_ids=[own[0].pk], now=now)


@transaction.atomic
def invite(*, customer: Customer, now: dt.datetime, prefix: str = "/") -> User:
    """Give a customer a login and mail them the way to a password. Raises NotACustomer.

    prefix: of the market whose pages the link leads to. The link itself is made when the mail is:
    a token in the outbox would be a key lying about.
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
    post(
        topic=TOPIC,
        # One a minute is enough, however often the button is pressed.
        key=f"password-{user.pk}-{now:%Y%m%d%H%M}",
        payload={"user_id": user.pk, "prefix": prefix, "language": settings.LANGUAGE_CODE},
        now=now,
    )
    delivery.ring()
    return user


def password_key(user: User) -> tuple[str, str]:
    """Who, and the proof, for the address in a mail. Holds until used, or for a day."""
    return user_pk_to_url_str(user), EmailAwarePasswordResetTokenGenerator().make_token(user)


def password_url(*, who: str, proof: str) -> str:
    """Where a new password is chosen, in the market at hand."""
    path = reverse("account_reset_password_from_key", args=[who, proof])
    return f"{settings.SITE_URL}{path}"


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
