"""Balances that money goes back to when it does not go the way it came."""

import datetime as dt
from decimal import Decimal

from accounts.models import Customer
from accounts.services import news
from orders.models import Order
from payments.models import ValueAccount
from payments.services import balances, gift_cards
from payments.services.balances import Cause
from payments.services.gift_cards import Present
from shop.lib.locks import locked


class OntoCredit:
    """The buyer's store credit."""

    def __init__(self, order: Order) -> None:
        self.order = order

    def __call__(self, amount: Decimal, cause: Cause) -> ValueAccount:
        account = balances.credit_account(
            customer=owner_of(self.order, now=cause.now),
            currency=self.order.currency,
            now=cause.now,
        )
        balances.credit(account=account, amount=amount, cause=cause)
        return account


class OntoNewCard:
    """One gift card for the buyer, on its way to them by mail, however many payments fill it."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.card: ValueAccount | None = None

    def __call__(self, amount: Decimal, cause: Cause) -> ValueAccount:
        if self.card is None:
            self.card = gift_cards.issue(
                amount=amount,
                currency=self.order.currency,
                present=Present(self.order.email, self.order.name),
                cause=cause,
            )
        else:
            balances.credit(account=self.card, amount=amount, cause=cause)
        return self.card


def owner_of(order: Order, *, now: dt.datetime) -> Customer:
    """Whoever bought; a guest's credit waits for them to sign in with the order's address."""
    return order.customer or customer_with(email=order.email, name=order.name, now=now)


def customer_with(*, email: str, name: str, now: dt.datetime) -> Customer:
    """Whoever has, or will have, an account with this address."""
    known = locked(Customer.objects.filter(email__iexact=email))
    if known:
        return known[0]
    made = Customer.objects.create(email=email, name=name, created_at=now)
    news.of_customers(topic=news.CREATED, customer_ids=[made.pk], now=now)
    return made
