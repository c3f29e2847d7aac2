"""What the clock and the outbox start: load, one call, done."""

import datetime as dt
import logging
from contextlib import suppress

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from payments.gateways import gateway
from payments.gateways.base import GatewayUnreachable
from payments.models import Capture, Payment, Refund, WebhookEvent
from payments.services import cards, webhooks
from shipping.models import Carrier
from shop.audit.services import working_for
from shop.backups import taking
from shop.backups.errors import Busy
from shop.outbox.delivery import asks, delivers, makes_anew
from shop.outbox.models import Message
from shop.processes import (
    asking,
    assortment,
    banking,
    bookkeeping,
    browsing,
    bulk,
    checkout,
    engagement,
    following,
    health,
    labelling,
    listening,
    mail_samples,
    marketplaces,
    moments,
    paying_out,
    pricing,
    recommending,
    refunding,
    returns,
    round_trip,
    ruling,
    tracking,
    vat,
    withdrawing,
)

# A worker at an import says so after every batch; silent for so long, it is taken for dead.
IMPORT_LEASE = dt.timedelta(minutes=2)
# The same of a run on many orders; its papers are made in one go at the end.
RUN_LEASE = dt.timedelta(minutes=2)
# How long the night's backup may take, in seconds.
HOURS = 4 * 60 * 60
logger = logging.getLogger(__name__)


@makes_anew("browsing.refresh_cards")
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
    moments.announce(now=timezone.now())


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
    with working_for(payload.get("actor_id"), "imports.work"):
        for _batch in round_trip.work(**payload, now=now):
            message.update(due_at=timezone.now() + IMPORT_LEASE)
    message.update(done_at=timezone.now(), last_error="")


@shared_task(name="bulk.work")
def work_run(*, message_id: int) -> None:
    """Carry a run on many orders on. Put off while a worker is at it, and back if that one dies."""
    message = Message.objects.filter(pk=message_id, done_at=None)
    if not message.update(due_at=timezone.now() + RUN_LEASE):
        return
    payload = message.values_list("payload", flat=True).get()
    with working_for(bulk.asked_by(**payload), "bulk.work"):
        for _row in bulk.work(**payload, now=timezone.now):
            message.update(due_at=timezone.now() + RUN_LEASE)
    if bulk.is_over(**payload):
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


@shared_task(name="checkout.remind")
def remind_unpaid() -> None:
    """Write to those who ordered and have not paid."""
    checkout.remind(now=timezone.now())


@shared_task(name="banking.match")
def match_bank_lines() -> None:
    """Orders, refunds and payouts may be younger than the line that is about them."""
    banking.match_open(now=timezone.now())


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
    """Ask providers about payments they have not told us about, and for what they left unanswered."""
    asking.catch_up(now=timezone.now)
    asking.sweep(now=timezone.now)


@asks("payments.webhook")
def work_webhook(*, event_id: int) -> None:
    """Act on a stored webhook. Late, repeated and foreign ones end without an effect."""
    event = WebhookEvent.objects.get(pk=event_id)
    if event.processed_at is not None:
        return
    outcome = listening.hear(event=event, now=timezone.now())
    webhooks.close(event=event, outcome=outcome, now=timezone.now())


@asks("payments.cards")
def follow_cards(*, customer_ref: str) -> None:
    """Know which cards a provider keeps for a customer."""
    cards.keep_step(reference=customer_ref, now=timezone.now())


@asks("payments.capture")
def capture_payment(*, capture_id: int) -> None:
    """Take a part of what a provider holds."""
    found = Capture.objects.select_related("payment__order").get(pk=capture_id)
    asking.capture(capture=found, now=timezone.now())


@asks("payments.void")
def void_payment(*, payment_id: int) -> None:
    """Let go of what a provider holds."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    asking.void(payment=payment, now=timezone.now())


@delivers("orders.rules")
def run_order_rules(*, order_id: int, when: str, occasion: str) -> None:
    """Let the staff's rules meet an order."""
    ruling.run(order_id=order_id, when=when, occasion=occasion, now=timezone.now())


@shared_task(name="returns.expire")
def expire_returns() -> None:
    """End what was approved and never sent; close exchanges that were sent."""
    now = timezone.now()
    returns.expire(now=now)
    returns.follow_exchanges(now=now)


@asks("returns.label")
def buy_return_label(*, rma_id: int) -> None:
    """A label for the way back, paid by the shop. A return that is over needs none."""
    with suppress(labelling.NotNow):
        labelling.buy_for_return(rma_id=rma_id, actor=None, now=timezone.now())


@asks("returns.withdrawal")
def carry_out_withdrawal(
    *, number: str, email: str, name: str, pieces: str, at: str, key: str
) -> None:
    """Look for the contract that somebody withdrew from, and withdraw."""
    when = dt.datetime.fromisoformat(at)
    withdrawing.carry_out(withdrawing.Declared(number, email, name, pieces, when, key))


@shared_task(name="payouts.sync")
def sync_payouts() -> None:
    """Ask the card provider what it paid out; what gets no answer is asked again in an hour."""
    with suppress(GatewayUnreachable):
        paying_out.sync(now=timezone.now())


@shared_task(name="backups.take", time_limit=HOURS, soft_time_limit=HOURS)
def back_up() -> None:
    """Make the night's backup, where a key for backups is set. A failure is in the log and on the health page."""
    if not settings.BACKUP_RECIPIENT:
        return
    # A run longer than the broker's patience is handed out a second time.
    with suppress(Busy):
        taking.take(now=timezone.now(), say=logger.info)


@shared_task(name="health.pulse")
def feel_pulse(*, queue: str) -> None:
    """Sent to every queue by the clock: who runs it shows that both live."""
    health.pulse(queue=queue, now=timezone.now())


@shared_task(name="bookkeeping.reconcile")
def keep_reconciliation() -> None:
    """Check every promise, and keep the day's answer."""
    bookkeeping.keep_answer(now=timezone.now())


@asks("payments.refund")
def pay_back(*, refund_id: int) -> None:
    """Ask the provider to refund, then write its answer down."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.status != Refund.Status.PENDING:
        return
    answer = gateway(refund.payment.provider).refund(refund)
    refunding.refund_answered(refund_id=refund.pk, answer=answer, now=timezone.now())


@shared_task(name="payments.look_at_refunds")
def look_at_refunds() -> None:
    """Ask what became of the refunds that nobody told us about."""
    following.look_at_refunds(now=timezone.now)


@shared_task(name="payments.look_at_disputes")
def look_at_disputes() -> None:
    """See how disputes stand; without an answer, an hour later."""
    with suppress(GatewayUnreachable):
        following.look_at_disputes(now=timezone.now)


@asks("payments.answer_dispute")
def answer_dispute(*, dispute_id: int) -> None:
    """Hand our side of a dispute to the provider."""
    following.answer_dispute(dispute_id=dispute_id, now=timezone.now)


@asks("payments.close")
def close_payment(*, payment_id: int) -> None:
    """Shut a provider's open page of an order that was called off."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    asking.close(payment=payment, now=timezone.now())


@shared_task(name="shipping.sweep_labels")
def sweep_labels() -> None:
    """Carry on with labels whose purchase or return broke off."""
    labelling.sweep(now=timezone.now)


@shared_task(name="shipping.poll_tracking")
def poll_tracking() -> None:
    """Ask carriers about parcels they told nothing of."""
    tracking.poll(now=timezone.now)


@asks("tracking.ask")
def ask_about_parcels(*, carrier: str, numbers: list[str]) -> None:
    """A carrier says that there are news of these: it is asked for them."""
    found = Carrier.objects.filter(code=carrier, is_active=True).first()
    if found is not None:
        tracking.ask(carrier=found, numbers=numbers, now=timezone.now)


@asks("channels.import_orders")
def import_orders(*, run_id: int) -> None:
    """Take the orders of a marketplace's file; those that were taken before stay."""
    marketplaces.work(run_id=run_id, now=timezone.now())


@delivers("mail.test")
def send_test_mail(*, text_id: int, user_id: int, key: str) -> None:
    """Show one of the staff a mail in the words just written."""
    mail_samples.send_test(text_id=text_id, user_id=user_id, key=key)
