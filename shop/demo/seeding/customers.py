"""Customers to sign in as: a member and a trade buyer, and the lists they and everybody buy by."""

import datetime as dt
from decimal import Decimal

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Customer, CustomerGroup, User
from catalog.models import Market, Price, PriceList, PriceListEntry, Rounding
from catalog.queries.rounding import rounded
from shop.demo.seeding.staff import DOMAIN, PASSWORD

# Login, name, company, and the group they are in.
PEOPLE = (
    ("member", "Nora Pettigrew", "", "members"),
    ("trade", "Ruben Achterberg", "The Slow Kitchen", "trade"),
)
GROUPS = {"members": "Members", "trade": "Trade"}
TRADE_PERCENT = Decimal(20)
# Trade buyers pay by invoice.
INVOICE_DAYS, CREDIT_LIMIT = 30, Decimal(2500)
# What everybody saves on the mug most people buy several of: from units, per cent.
MUG = "foot-ring-mug"
BREAKS = ((6, Decimal(8)), (12, Decimal(15)))


def fill(*, now: dt.datetime) -> None:
    """Groups and price lists, once; logins in the demo alone, since their password is known."""
    groups = {
        code: CustomerGroup.objects.get_or_create(code=code, defaults={"name": name})[0]
        for code, name in GROUPS.items()
    }
    if not PriceList.objects.exists():
        for market in Market.objects.in_order():
            PriceList.objects.create(
                name="Trade",
                market=market,
                group=groups["trade"],
                percent=TRADE_PERCENT,
                rounding=Rounding.FIVES,
            )
            _by_the_dozen(market)
    if settings.DEMO:
        _logins(groups, now)


def _by_the_dozen(market: Market) -> None:
    listed = PriceList.objects.create(name="By the dozen", market=market)
    prices = Price.objects.filter(market=market, variant__product__slug=MUG).order_by("pk")
    PriceListEntry.objects.bulk_create(
        PriceListEntry(
            price_list=listed,
            variant_id=variant,
            min_quantity=least,
            amount=rounded(amount * (100 - off) / 100, Rounding.FIVES, market.currency),
        )
        for variant, amount in prices.values_list("variant_id", "amount")
        for least, off in BREAKS
    )


def _logins(groups: dict[str, CustomerGroup], now: dt.datetime) -> None:
    password = make_password(PASSWORD)
    for login, name, company, group in PEOPLE:
        user, _created = User.objects.get_or_create(
            email=f"{login}@{DOMAIN}", defaults={"name": name, "password": password}
        )
        address = {"primary": True, "verified": True}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=address)
        customer, is_new = Customer.objects.get_or_create(
            email=user.email,
            defaults={
                "user": user,
                "name": name,
                "company": company,
                "invoice_days": INVOICE_DAYS if group == "trade" else None,
                "credit_limit": CREDIT_LIMIT if group == "trade" else None,
                "created_at": now,
            },
        )
        if is_new:
            customer.groups.add(groups[group])
