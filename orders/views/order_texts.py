"""What an order's page says, as texts: its templates are cut once and filled with them."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from accounts.services.places import country_names
from orders.models import Order
from payments.services import methods
from shop.templatetags.shop_text import longdate, moment, money

# The one currency whose transfers can be scanned.
EURO = "EUR"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands on top. thanked: the buyer's mail address, for who has just ordered."""

    number: str
    when: str
    headline: str
    status_text: str
    thanked: str


@dataclass(frozen=True, slots=True)
class Facts:
    """How it is paid and where it goes. fetched: the place's name, address and hours, if it is."""

    payment: str
    address: tuple[str, ...]
    fetched: tuple[str, ...]
    company: str
    vat_number: str
    email: str


@dataclass(frozen=True, slots=True)
class Bank:
    """Where the money goes, and until when. code_url: of a picture for banking apps, or empty."""

    account_name: str
    iban: str
    bic: str
    reference: str
    amount: str
    until: str
    code_url: str


def head_of(order: Order, headline: str, status_text: str, *, is_new: bool) -> Head:
    return Head(
        number=order.number,
        when=moment(order.placed_at),
        headline=headline,
        status_text=status_text,
        thanked=order.email if is_new else "",
    )


def facts_of(order: Order, payment: str) -> Facts:
    country = dict(country_names([order.country]))[order.country]
    fetched = order.pickup or {}
    return Facts(
        payment=payment,
        address=(*order.address_lines, country),
        fetched=tuple(
            filter(None, (fetched.get("name"), *fetched.get("lines", ()), fetched.get("hours")))
        ),
        company=order.company,
        vat_number=order.vat_number,
        email=order.email,
    )


def bank_of(order: Order, left: Decimal) -> Bank | None:
    """None for who is not to transfer money."""
    if not methods.waits_for_transfer(order):
        return None
    code = reverse("payments:transfer_code", args=[order.number])
    return Bank(
        **settings.SHOP["bank"],
        reference=order.number,
        amount=money(left, order.currency),
        until=longdate(methods.pay_until(order)),
        code_url=f"{code}?t={order.link_token}" if order.currency == EURO else "",
    )
