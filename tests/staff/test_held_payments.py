"""Held money on the payments' pages: taken or let go, one or many, each with its own report."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.gateways import Standing, State
from payments.models import Capture, Payment, PaymentEvent
from payments.services import payments
from shop.processes import checkout
from tests.factories import placed_order

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/payment/"


def held(**fields):
    """A card payment that is held, as its provider would say."""
    order = placed_order(**fields)
    payment = payments.open_attempt(order=order, provider="card", now=timezone.now())
    intent = f"pi_{payment.pk}"
    payments.name_reference(payment=payment, reference=f"cs_{payment.pk}")
    standing = Standing(
        State.AUTHORIZED, payment.amount, payment.currency, intent, charge_ref=intent
    )
    checkout.confirm_payment(payment_id=payment.pk, standing=standing, now=timezone.now())
    payment.refresh_from_db()
    return payment


def ask(verb, *chosen):
    query = "&".join(f"payment={one.pk}" for one in chosen)
    return f"{reverse('admin:payments_payment_hold', args=[verb])}?{query}"


def told(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_the_list_tells_what_is_held_and_until_when(owner):
    old, new = held(), held(email="b@example.com")
    Payment.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=6))

    page = owner.get(LIST, {"held": "soon"})

    assert [one.pk for one in page.context["cl"].result_list] == [old.pk]
    assert "for 23 hours" in page.content.decode()
    assert owner.get(LIST, {"held": "1"}).context["cl"].result_count == 2
    assert new.authorized == new.amount


def test_a_part_is_taken(owner):
    payment = held()

    answer = owner.post(ask("take", payment), {"amount": "5.00"})

    capture = Capture.objects.get()
    assert answer.status_code == 302
    assert (capture.amount, capture.is_final) == (5, False)
    assert capture.requested_by is not None


@pytest.mark.parametrize("amount", ["0", "-1", "1000000", "1.005", "x"])
def test_an_amount_that_is_not_held_is_asked_again(owner, amount):
    answer = owner.post(ask("take", held()), {"amount": amount})

    assert answer.status_code == 200
    assert not Capture.objects.exists()


def test_many_are_taken_at_once_each_with_its_own_report(owner):
    first, second = held(), held(email="b@example.com")
    owner.post(ask("take", second), {"amount": str(second.amount), "is_final": "on"})

    answer = owner.post(ask("take", first, second))

    messages = told(answer)
    assert any(first.order.number in one and "Asked" in one for one in messages)
    assert any(one.startswith(f"{second.order.number}: That is more") for one in messages)
    assert sorted(Capture.objects.values_list("payment", flat=True)) == [first.pk, second.pk]


def test_a_hold_is_let_go_with_a_reason(owner):
    payment = held()

    owner.post(ask("void", payment), {"reason": "wrong order"})

    event = PaymentEvent.objects.get(kind="void")
    assert (event.stage, event.message, event.amount) == ("request", "wrong order", payment.amount)


def test_the_lists_actions_lead_to_the_question(owner):
    payment = held()

    answer = owner.post(LIST, {"action": "let_go_all", "_selected_action": [payment.pk]})

    assert answer.url == ask("void", payment)
    assert payment.order.number in owner.get(answer.url).content.decode()


@pytest.mark.parametrize("verb", ["take", "void"])
def test_who_may_not_is_not_asked(sign_in, verb):
    payment = held()

    assert sign_in("warehouse").get(ask(verb, payment)).status_code == 403


def test_nothing_to_ask_about_is_not_found(owner):
    assert owner.get(reverse("admin:payments_payment_hold", args=["take"])).status_code == 404
