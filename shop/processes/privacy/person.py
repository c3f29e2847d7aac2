"""Whom a request is about, and everything in the shop that is found by it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Customer, User
from accounts.services.customers import has_proved
from orders.models import Order
from payments.models import Payment, ProviderCustomer


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by an address, which may have a record, and a login.

    A guest is the orders that were placed with the address and belong to no record.
    """

    # Addresses shown to be theirs; what somebody merely typed may be another's.
    emails: tuple[str, ...]
    # Addresses typed into their orders.
    typed: tuple[str, ...] = ()
    customers: tuple[int, ...] = ()
    users: tuple[int, ...] = ()
    orders: tuple[int, ...] = ()
    numbers: tuple[str, ...] = ()
    # What providers call the person, and what they paid with.
    provider_refs: tuple[str, ...] = ()
    # Of old orders and addresses, to find them within words.
    names: tuple[str, ...] = ()

    def has_mail(self, field: str) -> Q:
        """Rows whose address is one of the person's, in any case."""
        return _any(Q(**{f"{field}__iexact": email}) for email in self.emails)

    def is_in(self, field: str, *, also: tuple[str, ...] = ()) -> Q:
        """Rows whose text has one of the person's addresses (or these words) in it."""
        return _any(Q(**{f"{field}__icontains": word}) for word in (*self.emails, *also))


def of_customer(customer: Customer) -> Person:
    """Somebody signed in. Guests' orders are theirs only once a mail has proved the address."""
    user = customer.user
    is_proved = user is not None and has_proved(user)
    return _person(user.email if user and is_proved else "", customer)


def of_email(email: str) -> Person:
    """Whoever has proved this address."""
    address = email.strip().lower()
    record = Customer.objects.filter(email__iexact=address).select_related("user").first()
    # A record somebody signs in to with another address is for that one to speak for.
    is_theirs = record and (record.user is None or record.user.email.lower() == address)
    return _person(address, record if is_theirs else None)


def _person(email: str, customer: Customer | None) -> Person:
    """email: proved, or empty."""
    mine = Q(customer=customer) if customer else Q(pk__in=[])
    if email:
        mine |= Q(customer=None, email__iexact=email)
    rows = list(Order.objects.filter(mine).order_by("pk"))
    typed = {row.email.strip().lower() for row in rows} - {""}
    user = _user(email, customer)
    ids = [row.pk for row in rows]
    return Person(
        emails=(email.lower(),) if email else (),
        typed=tuple(sorted(typed)),
        customers=(customer.pk,) if customer else (),
        users=(user.pk,) if user else (),
        orders=tuple(ids),
        numbers=tuple(row.number for row in rows),
        provider_refs=_provider_refs(ids, customer),
        names=tuple(sorted(_names(rows, customer), key=len, reverse=True)),
    )


def _user(email: str, customer: Customer | None) -> User | None:
    """The login; never one of the staff, who are no customers."""
    if customer is not None and customer.user is not None:
        found: User | None = customer.user
    else:
        found = User.objects.filter(email__iexact=email).first() if email else None
    return None if found is None or found.is_staff or found.is_superuser else found


def _provider_refs(order_ids: list[int], customer: Customer | None) -> tuple[str, ...]:
    paid = Payment.objects.filter(order__in=order_ids, provider="card")
    found = {ref for pair in paid.values_list("provider_ref", "charge_ref") for ref in pair}
    if customer is not None:
        known = ProviderCustomer.objects.filter(customer=customer)
        found |= set(known.values_list("provider_ref", flat=True))
    return tuple(sorted(found - {""}))


def _names(rows: list[Order], customer: Customer | None) -> set[str]:
    found = {part for row in rows for part in (row.name, row.company, row.line1, row.phone)}
    if customer is not None:
        found |= {customer.name, customer.company}
        for one in customer.addresses.all():
            found |= {one.name, one.company, one.line1, one.phone}
    # A word this short is in everything.
    return {part for part in found if len(part) > 3}


def _any(conditions: Any) -> Q:
    found = Q(pk__in=[])
    for one in conditions:
        found |= one
    return found
