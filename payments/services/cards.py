"""Cards that customers saved with the provider; we know what is printed on their last four digits.

`provider_customer`, `keep_step`, `gone`, `forget_at_provider` and `remove` talk to the provider: never inside a transaction.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Customer
from payments.gateways.base import NotKnown
from payments.gateways.stripe import customers as provider
from payments.gateways.stripe.checkout import StripeCheckout
from payments.gateways.stripe.customers import CardKept
from payments.models import Payment, ProviderCustomer, SavedCard
from shop.lib.locks import locked
from shop.lib.workdays import shop_day
from shop.outbox import delivery
from shop.outbox.models import post

CODE = StripeCheckout.code
BRANDS = {"amex": "American Express", "jcb": "JCB", "unionpay": "UnionPay"}


def of(customer: Customer) -> "QuerySet[SavedCard]":
    """A customer's cards, the newest first."""
    return SavedCard.objects.filter(customer=customer).order_by("-saved_at", "-pk")


def usable(customer: Customer | None, *, now: dt.datetime) -> list[SavedCard]:
    """The cards somebody can pay with today."""
    if customer is None:
        return []
    return list(of(customer).filter(expires_on__gte=shop_day(now)))


def mine(customer: Customer | None, key: str, *, now: dt.datetime) -> SavedCard | None:
    """The usable card of this customer by our own number; nobody else's, whatever is sent."""
    return next((one for one in usable(customer, now=now) if str(one.pk) == key), None)


def shown(card: SavedCard) -> str:
    """A card as its owner knows it: "Visa … 4242"."""
    return f"{BRANDS.get(card.brand, card.brand.replace('_', ' ').title())} … {card.last4}"


def provider_customer(*, customer: Customer, now: dt.datetime) -> ProviderCustomer:
    """What the provider calls a customer, told to it when first needed. Raises GatewayUnreachable."""
    rows = ProviderCustomer.objects.filter(customer=customer, provider=CODE)
    if known := rows.first():
        return known
    reference = provider.make_customer(customer)
    found, _is_new = ProviderCustomer.objects.get_or_create(
        customer=customer,
        provider=CODE,
        defaults={"provider_ref": reference, "created_at": now},
    )
    return found


def owe_look(*, payment: Payment, now: dt.datetime) -> None:
    """A card may have been saved with a payment: look, once, when its customer can have some."""
    owners = ProviderCustomer.objects.filter(customer=payment.order.customer_id, provider=CODE)
    if owner := owners.first():
        told = {"customer_ref": owner.provider_ref}
        post(topic="payments.cards", key=f"payment-{payment.pk}-cards", payload=told, now=now)
        delivery.ring()


def keep_step(*, reference: str, now: dt.datetime) -> bool:
    """Know the cards the provider keeps for one of its customers, and no others.

    False when the customer is none of ours. Raises GatewayUnreachable.
    """
    rows = ProviderCustomer.objects.filter(provider=CODE, provider_ref=reference)
    owner = rows.first()
    if owner is None:
        return False
    try:
        kept = provider.cards_kept(reference)
    except NotKnown:
        kept = []
    _write(owner, kept, now)
    return True


@transaction.atomic
def _write(owner: ProviderCustomer, kept: list[CardKept], now: dt.datetime) -> None:
    # Two answers on their way at once are written one after the other.
    locked(ProviderCustomer.objects.filter(pk=owner.pk))
    rows = SavedCard.objects.filter(customer_id=owner.customer_id)
    rows.exclude(provider_ref__in=[one.reference for one in kept]).delete()
    for one in kept:
        SavedCard.objects.update_or_create(
            provider_ref=one.reference,
            defaults={
                "customer_id": owner.customer_id,
                "brand": one.brand,
                "last4": one.last4,
                "expires_on": one.expires_on,
            },
            create_defaults={
                "customer_id": owner.customer_id,
                "brand": one.brand,
                "last4": one.last4,
                "expires_on": one.expires_on,
                "saved_at": now,
            },
        )


def gone(*, reference: str) -> bool:
    """A card the provider says it let go: look, and forget it as well. False when not ours."""
    row = SavedCard.objects.filter(provider_ref=reference).first()
    if row is None:
        return False
    try:
        is_kept = bool(provider.card_kept(reference).customer)
    except NotKnown:
        is_kept = False
    if not is_kept:
        row.delete()
    return True


@transaction.atomic
def forget_customer(*, customer_id: int) -> None:
    """The provider does not know this customer any more, nor any card of theirs."""
    ProviderCustomer.objects.filter(customer_id=customer_id, provider=CODE).delete()
    SavedCard.objects.filter(customer_id=customer_id).delete()


def forget_at_provider(*, customer: Customer) -> None:
    """Let every card and the customer go, at the provider first. Raises GatewayUnreachable."""
    for card in of(customer):
        provider.forget_card(card.provider_ref)
    for known in ProviderCustomer.objects.filter(customer=customer, provider=CODE):
        provider.forget_customer(known.provider_ref)
    forget_customer(customer_id=customer.pk)


def remove(*, card: SavedCard) -> None:
    """Let a card go, at the provider first. Raises GatewayUnreachable."""
    provider.forget_card(card.provider_ref)
    SavedCard.objects.filter(pk=card.pk).delete()
