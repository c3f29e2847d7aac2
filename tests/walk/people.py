"""Who walks: a stranger, two customers who are nothing to each other, and each role of the staff."""

from django.test import Client

from accounts.models import Customer
from tests.factories.customers import member
from tests.factories.people import staff

ROLES = ("owner", "manager", "warehouse", "support", "catalogue", "marketing")
SHOPPERS = ("anonymous", "alice", "bob")
PEOPLE = (*SHOPPERS, *ROLES)


def browsers() -> dict[str, Client]:
    """One for each person; the customers are those of the world."""
    return {person: _browser_of(person) for person in PEOPLE}


def _browser_of(person: str) -> Client:
    client = Client()
    if person in ROLES:
        client.force_login(staff(person))
    elif person != "anonymous":
        client.force_login(Customer.objects.get(email=f"{person}@example.com").user)
    return client


def customer_of(person: str) -> Customer:
    return member(f"{person}@example.com")
