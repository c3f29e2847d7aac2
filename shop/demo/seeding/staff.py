"""Logins to try every role with. Password and second factor are public: never on a real shop."""

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.services.doors import demo
from shop.demo.seeding.places import read

PASSWORD = "mercer-demo"  # noqa: S105 - printed at the start of every demo
DOMAIN = "marlandweft.example"


def fill() -> None:
    """One login per role, in the role's group; groups are made by the accounts app."""
    # One hash for all: hashing is slow on purpose.
    password = make_password(PASSWORD)
    for person in read("staff.toml")["staff"]:
        user, is_new = User.objects.get_or_create(
            email=f"{person['role']}@{DOMAIN}",
            defaults={
                "name": person["name"],
                "is_staff": True,
                "is_superuser": person["role"] == "owner",
                "password": password,
            },
        )
        address = {"primary": True, "verified": True}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=address)
        demo.give(user)
        if is_new:
            user.groups.set(Group.objects.filter(name__iexact=person["role"]))
