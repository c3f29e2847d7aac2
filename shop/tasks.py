"""What the clock and the outbox start: load, one call, done."""

import datetime as dt

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from payments.gateways import gateway
from payments.gateways.base import GatewayUnreachable
from payments.models import Payment, Refund, WebhookEvent
from payments.services import webhooks
from shop.lib.locks import try_singleton
from shop.outbox.delivery import asks, delivers
from shop.outbox.models import Message
from shop.processes import (
    assortment,
    browsing,
    checkout,
    engagement,
    pricing,
    recommending,
    refunding,
    round_trip,
    vat,
)

# A worker at an import says so after every batch; silent for so long, it is taken for dead.
IMPORT_LEASE = dt.timedelta(minutes=2)


@asks("browsing.refresh_cards")
def refresh_cards(*, product_ids: list[int]) -> None:
    browsing.refresh_cards(product_ids=product_ids, now=timezone.now())


@delivers("pricing.apply")
def apply_prices() -> None:
    pricing.apply(product_ids=None, now=timezone.now())


@shared_task(name="pricing.follow_clock")
def follow_sales() -> None:
    """Begin and end what a date says, should nobody have been told."""
    with transaction.atomic():
        pricing.follow_clock(now=timezone.now())


@shared_task(name="pricing.fetch_rates")
def fetch_rates() -> None:
    """Ask what currencies are worth today."""
    pricing.fetch_rates(now=timezone.now())


@shared_task(name="imports.work")
def work_import(*, message_id: int) -> None:
    """Carry an import on. The message is put off while a worker is at it, and comes back if it dies."""
    now = timezone.now()
    message = Message.objects.filter(pk=message_id, done_at=None)
    if not message.update(due_at=now + IMPORT_LEASE):
        return
    payload = message.values_list("payload", flat=True).get()
    for _batch in round_trip.work(**payload, now=now):
        message.update(due_at=timezone.now() + IMPORT_LEASE)
    message.update(done_at=timezone.now(), last_error="")


@shared_task(name="browsing.refresh_all_cards")
def refresh_all_cards() -> None:
    """Cards age too: a product's first day comes, a "New" goes."""
    browsing.refresh_cards(product_ids=None, now=timezone.now())


@shared_task(name="browsing.refresh_collections")
def refresh_collections() -> None:
    """Prices, stock and days move on: rules find other products."""
    assortment.refresh_collections(now=timezone.now())


@shared_task(name="browsing.read_ahead")
def read_ahead() -> None:
    """Read the long lists before a shopper has to wait for it."""
    assortment.read_lists_ahead()


@shared_task(name="browsing.follow_schedule")
def follow_schedule() -> None:
    """Put on sale, or take off it, what a date says."""
    with transaction.atomic():
        browsing.follow_schedule(now=timezone.now())


@shared_task(name="browsing.refresh_words")
def refresh_words() -> None:
    """Which words are common changes slowly; new words are known at once without this."""
    browsing.refresh_words(now=timezone.now())


@shared_task(name="browsing.recommend")
def recommend() -> None:
    """Work out what goes with what, from the orders and the catalogue of today."""
    recommending.recommend(now=timezone.now())


@shared_task(name="checkout.expire_orders")
def expire_orders() -> None:
    """Close what was never paid, once its provider's page is closed as well."""
    checkout.expire(now=timezone.now())


@shared_task(name="engagement.tell_waiting")
def tell_waiting() -> None:
    """Mail those who wait for a piece that is back or costs less."""
    engagement.tell_waiting(now=timezone.now())


@shared_task(name="engagement.forget")
def forget_addresses() -> None:
    """Let go of addresses and lists that are not needed any more."""
    engagement.forget(now=timezone.now())


@shared_task(name="vat.retry")
def retry_vat_numbers() -> None:
    """Ask VIES once more about the numbers it did not answer for."""
    vat.retry(now=timezone.now())


@shared_task(name="checkout.reconcile_payments")
def reconcile_payments() -> None:
    """Ask providers about payments they have not told us about."""
    with transaction.atomic():
        if not try_singleton("reconcile_payments"):
            return
    for payment in Payment.objects.waiting(now=timezone.now())[:50]:
        ask_about(payment)


def ask_about(payment: Payment) -> None:
    """One question to one provider; an unclear answer is asked again later."""
    try:
        standing = gateway(payment.provider).standing(payment)
    except GatewayUnreachable:
        return
    Payment.objects.filter(pk=payment.pk).update(checked_at=timezone.now())
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=timezone.now())


@asks("payments.webhook")
def work_webhook(*, event_id: int) -> None:
    """Act on a stored webhook. Late, repeated and foreign ones end without an effect."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.processed_at is not None:
        return
    found = webhooks.read(event=event)
    if found is not None:
        checkout.confirm_payment(
            payment_id=found.payment.pk, standing=found.standing, now=timezone.now()
        )
    webhooks.close(event=event, outcome="applied" if found else "ignored", now=timezone.now())


@asks("payments.refund")
def pay_back(*, refund_id: int) -> None:
    """Ask the provider to refund, then write its answer down."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.PENDING:
        return
    answer = gateway(refund.payment.provider).refund(refund)
    refunding.refund_answered(refund_id=refund.pk, answer=answer, now=timezone.now())


@asks("payments.close")
def close_payment(*, payment_id: int) -> None:
    """Shut a provider's open page of an order that was called off."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_open:
        gateway(payment.provider).close(payment)
        ask_about(payment)
