"""What the clock and the outbox start: load, one call, done."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from payments.gateways import gateway
from payments.gateways.base import GatewayUnreachable
from payments.models import Payment, Refund, WebhookEvent
from payments.services import webhooks
from shop.lib.locks import try_singleton
from shop.outbox.delivery import asks
from shop.processes import browsing, checkout


@asks("browsing.refresh_cards")
def refresh_cards(*, product_ids: list[int]) -> None:
    browsing.refresh_cards(product_ids=product_ids, now=timezone.now())


@shared_task(name="browsing.refresh_all_cards")
def refresh_all_cards() -> None:
    """Cards age too: a product's first day comes, a "New" goes."""
    browsing.refresh_cards(product_ids=None, now=timezone.now())


@shared_task(name="checkout.expire_orders")
def expire_orders() -> None:
    """Close what was never paid, once its provider's page is closed as well."""
    checkout.expire(now=timezone.now())


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
    checkout.refund_answered(refund_id=refund.pk, answer=answer, now=timezone.now())


@asks("payments.close")
def close_payment(*, payment_id: int) -> None:
    """Shut a provider's open page of an order that was called off."""
    payment = Payment.objects.get(pk=payment_id)
    if payment.is_open:
        gateway(payment.provider).close(payment)
        ask_about(payment)
