"""A card payment's whole life: the official SDK over HTTP, the provider's letters with signatures."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import Dispute, JournalLine, Payment, Payout, PayoutLine, Refund
from payments.services.grants import Asked
from shop.processes import refunding
from tests.factories import in_stock, placed_order
from tests.payments.provider import begin, outcomes, work

pytestmark = pytest.mark.django_db


def order_of(quantity=1, **fields):
    order = placed_order(variant=in_stock(10), quantity=quantity, **fields)
    begin(order)
    return order


def payment_of(order):
    return Payment.objects.get(order=order)


def page_of(order):
    return payment_of(order).provider_ref


def pay(client, provider, order, card="pm_card_visa"):
    provider.pay(page_of(order), card=card).raise_for_status()
    provider.tell(client)
    order.refresh_from_db()
    return payment_of(order)


def give_back(order, units, key):
    refunding.refund(
        order_id=order.pk,
        asked=Asked(units={order.lines.get().pk: units}),
        to="origin",
        reason="chipped",
        key=key,
        actor=None,
        now=timezone.now(),
    )
    work()
    order.refresh_from_db()


def booked(role):
    lines = JournalLine.objects.filter(account__role=role)
    return sum((line.amount for line in lines), Decimal(0))


def test_success(client, provider):
    order = order_of()

    payment = pay(client, provider, order)

    assert (order.status, order.payment_status) == ("confirmed", "paid")
    assert (payment.charged, payment.card["last4"]) == (order.total, "4242")
    assert booked("provider") == order.total


def test_a_declined_card_leaves_the_order_to_be_paid(client, provider):
    order = order_of()
    provider.pay(page_of(order), card="pm_card_chargeDeclined")
    provider.tell(client)

    page = client.get(order.get_absolute_url())

    order.refresh_from_db()
    assert (order.status, order.payment_status) == ("pending", "pending")
    assert "Your card was declined" in page.content.decode()
    assert pay(client, provider, order).charged == order.total


def test_each_declined_try_is_on_record_once(client, provider):
    order = order_of()
    for _try in range(2):
        provider.pay(page_of(order), card="pm_card_chargeDeclined")
    provider.tell(client)

    refused = payment_of(order).events.filter(stage="failure")

    assert [event.amount for event in refused] == [order.total]
    assert payment_of(order).is_open


def test_3d_secure_on_the_page(client, provider):
    order = order_of()
    page = provider.web.post(
        f"/pay/{page_of(order)}", data={"pm": "pm_card_authenticationRequired"}
    )
    provider.tell(client)
    order.refresh_from_db()
    assert order.payment_status == "pending"

    provider.web.post(page.headers["location"], data={"outcome": "approve"})
    provider.tell(client)

    order.refresh_from_db()
    assert order.payment_status == "paid"


def test_refund_in_three_parts(client, provider):
    order = order_of(3)
    payment = pay(client, provider, order)

    for part in range(3):
        give_back(order, 1, f"form-{part}")
        provider.tell(client)

    payment.refresh_from_db()
    goods = order.lines.get().gross
    assert (payment.refunded, payment.refund_pending) == (goods, 0)
    assert (order.payment_status, order.refunded) == ("refunded", goods)
    assert sum(row["amount"] for row in provider.ledger()["refunds"]) == int(goods * 100)
    assert booked("provider") == order.total - goods


def test_a_refund_that_is_pending_and_then_fails(client, provider):
    order = order_of()
    payment = pay(client, provider, order, "pm_card_pendingRefund")
    give_back(order, 1, "form")
    provider.tell(client)
    assert Refund.objects.get().status == "pending"

    provider.kit(f"refunds/{Refund.objects.get().provider_ref}/fail")
    provider.tell(client)

    payment.refresh_from_db()
    assert Refund.objects.get().status == "failed"
    assert (payment.refunded, payment.refund_pending) == (0, 0)


def test_a_refund_that_fails_after_it_was_done(client, provider):
    order = order_of()
    payment = pay(client, provider, order, "pm_card_refundFail")
    give_back(order, 1, "form")
    assert Refund.objects.get().status == "succeeded"

    provider.kit(f"refunds/{Refund.objects.get().provider_ref}/fail")
    provider.tell(client)

    payment.refresh_from_db()
    assert Refund.objects.get().status == "failed"
    assert payment.refunded == 0
    assert booked("provider") == order.total


def test_a_refund_made_at_the_providers_own_pages(client, provider):
    order = order_of()
    payment = pay(client, provider, order)
    provider.web.post(
        "/v1/refunds",
        data={"payment_intent": payment.charge_ref, "amount": "500"},
        headers={"Authorization": "Bearer sk_test_x"},
    ).raise_for_status()

    provider.tell(client)

    order.refresh_from_db()
    assert (order.refunded, order.payment_status) == (5, "partially_refunded")
    assert Refund.objects.get().status == "succeeded"


@pytest.mark.parametrize(
    ("verdict", "disputed", "lost"), [("won", False, False), ("lost", True, True)]
)
def test_dispute(client, provider, verdict, disputed, lost):
    order = order_of()
    payment = pay(client, provider, order)
    found = provider.kit("dispute", payment_intent=payment.charge_ref)
    provider.tell(client)
    payment.refresh_from_db()
    assert payment.disputed == order.total
    assert booked("disputed") == order.total

    provider.kit(f"disputes/{found['id']}/{verdict}")
    provider.tell(client)

    payment.refresh_from_db()
    assert Dispute.objects.get().status == verdict
    assert payment.disputed == (order.total if disputed else 0)
    assert booked("disputed") == 0
    assert booked("charge_backs") == (order.total if lost else 0)


def test_payout(client, provider):
    order = order_of()
    payment = pay(client, provider, order)

    provider.kit("payout", pending=True)
    provider.tell(client)

    line = PayoutLine.objects.get()
    assert (line.payment, line.gross) == (payment, order.total)
    assert Payout.objects.get().amount == line.net
    assert booked("provider") == 0


def test_every_letter_was_worked(client, provider):
    order = order_of()
    pay(client, provider, order)
    provider.kit("payout", pending=True)
    provider.tell(client)

    assert {outcome for _kind, outcome in outcomes()} <= {"applied", "ignored: nothing to look at"}
