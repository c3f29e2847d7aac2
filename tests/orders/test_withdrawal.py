"""The withdrawal function: two steps, no reason, no account, a receipt to the second."""

import datetime as dt

import pytest
from django.core import mail as django_mail
from django.urls import reverse
from django.utils import timezone

from orders.models import OrderEvent, Return
from orders.tasks import email_return, email_withdrawal_receipt, email_withdrawal_to_read
from shop.outbox.models import Mail, Message
from shop.tasks import carry_out_withdrawal
from tests.factories import paid_order, shipped_order

pytestmark = pytest.mark.django_db
WITHDRAW = "/withdraw/"
TASKS = {
    "returns.withdrawal": carry_out_withdrawal,
    "mail.return": email_return,
    "mail.withdrawal_doubtful": email_withdrawal_receipt,
    "mail.withdrawal_to_read": email_withdrawal_to_read,
}


@pytest.fixture
def order():
    return shipped_order(email="alice@example.com", name="Alice Byron")


def typed(order, **fields):
    return {
        "name": "Alice Byron",
        "number": order.number,
        "email": "alice@example.com",
        "extent": "whole",
        **fields,
    }


def keyed(order):
    return f"{WITHDRAW}?order={order.number}&t={order.link_token}"


def work():
    """What the worker does, twice over: nothing may happen twice."""
    for _round in range(2):
        for topic, task in TASKS.items():
            for message in Message.objects.filter(topic=topic, done_at=None):
                task(message_id=message.pk)


def again():
    Message.objects.update(done_at=None)
    work()


def test_every_page_leads_to_it(client, order):
    for page in ("/", WITHDRAW, order.get_absolute_url(), reverse("orders:cart")):
        html = client.get(page).content.decode()

        assert "Withdraw from contract here" in html
        assert WITHDRAW in html


def test_the_first_step_shows_what_would_be_declared_and_changes_nothing(client, order):
    page = client.post(WITHDRAW, typed(order, step="look"))

    html = page.content.decode()
    assert "Confirm withdrawal" in html
    assert f"I, Alice Byron, hereby withdraw from the contract of order {order.number}." in html
    assert not Return.objects.exists()
    assert not Message.objects.filter(topic="returns.withdrawal").exists()


def test_a_guest_withdraws_with_number_and_address(client, order):
    client.post(WITHDRAW, typed(order, step="confirm", key="k1"))
    work()

    rma = Return.objects.get()
    assert (rma.kind, rma.order) == (Return.Kind.WITHDRAWAL, order)
    assert rma.lines.get().quantity == 1


def test_the_receipt_says_what_was_declared_and_when_to_the_second(client, order):
    client.post(WITHDRAW, typed(order, step="confirm", key="k1"))
    work()
    again()

    mails = Mail.objects.filter(kind="orders/withdrawal_receipt")
    (receipt,) = mails
    moment = Return.objects.get().requested_at
    assert receipt.to == "alice@example.com"
    assert f"{moment:%M:%S}" in receipt.text
    assert "hereby withdraw" in receipt.text


def test_the_moment_of_the_declaration_counts_not_that_of_the_worker(client, order):
    before = timezone.now()
    client.post(WITHDRAW, typed(order, step="confirm", key="k1"))
    after = timezone.now()
    work()

    assert before <= Return.objects.get().requested_at <= after


def test_a_wrong_pair_is_answered_in_the_same_words(client, order):
    hit = client.post(WITHDRAW, typed(order, step="confirm"))
    miss = client.post(WITHDRAW, typed(order, step="confirm", email="eve@example.com"))

    def words(page):
        rows = page.content.decode().splitlines()
        own = ("Received", "example.com", "csrfmiddlewaretoken")
        return [row for row in rows if not any(one in row for one in own)]

    assert hit.status_code == miss.status_code == 200
    assert words(hit) == words(miss)


def test_a_wrong_pair_reaches_the_staff_and_nobody_else(client, order):
    client.post(WITHDRAW, typed(order, step="confirm", email="eve@example.com"))
    work()
    again()

    (sent,) = django_mail.outbox
    assert sent.to == ["hello@marlandweft.example"]
    assert "eve@example.com" in sent.body
    assert not Return.objects.exists()


def test_a_part_named_in_words_is_confirmed_and_left_to_a_person(client, order):
    client.post(WITHDRAW, typed(order, step="confirm", extent="part", pieces="the blue mug"))
    work()
    again()

    receipt = Mail.objects.get(kind="orders/withdrawal_receipt")
    assert "the blue mug" in receipt.text
    assert Mail.objects.filter(kind="orders/withdrawal_to_read").count() == 1
    assert OrderEvent.objects.filter(order=order, note__contains="the blue mug").count() == 1


def test_with_the_key_nothing_is_asked_but_the_name(client, order):
    html = client.get(keyed(order)).content.decode()

    assert 'name="name"' in html
    assert 'name="number"' not in html
    assert 'name="email"' not in html


def test_with_the_key_it_is_done_at_once(client, order):
    answer = client.post(
        keyed(order), {"name": "Alice Byron", "extent": "whole", "step": "confirm", "key": "k"}
    )

    rma = Return.objects.get()
    assert answer.status_code == 302
    assert rma.number in answer.url
    assert "hereby withdraw" in client.get(answer.url).content.decode()


def test_a_second_click_withdraws_once(client, order):
    data = {"name": "Alice Byron", "extent": "whole", "step": "confirm", "key": "k"}

    first, second = client.post(keyed(order), data), client.post(keyed(order), data)

    assert first.url == second.url
    assert Return.objects.count() == 1


def test_pieces_are_chosen_on_the_orders_own_page(client):
    order = shipped_order(quantity=3)
    line = order.lines.get()

    client.post(
        keyed(order),
        {"name": "A", "extent": "part", f"units-{line.pk}": "2", "step": "confirm", "key": "k"},
    )

    assert Return.objects.get().lines.get().quantity == 2


def test_a_part_of_nothing_is_no_part(client, order):
    page = client.post(keyed(order), {"name": "A", "extent": "part", "step": "confirm", "key": "k"})

    assert page.status_code == 422
    assert "Choose the pieces you mean" in page.content.decode()


def test_what_has_not_left_is_cancelled_and_granted(client):
    order = paid_order()

    client.post(keyed(order), {"name": "A", "extent": "whole", "step": "confirm", "key": "k"})

    order.refresh_from_db()
    assert order.status == order.Status.CANCELED
    assert order.granted_refunds.get().total == order.total


def test_a_declaration_too_late_is_confirmed_and_read_by_a_person(client):
    long_ago = timezone.now() - dt.timedelta(days=60)
    order = shipped_order(email="alice@example.com")
    order.fulfilments.update(delivered_at=long_ago, shipped_at=long_ago, status="delivered")
    order.lines.update()

    page = client.post(
        keyed(order), {"name": "A", "extent": "whole", "step": "confirm", "key": "k"}
    )
    work()

    assert "A person reads it" in page.content.decode()
    assert Mail.objects.filter(kind="orders/withdrawal_receipt").count() == 1
    assert Mail.objects.filter(kind="orders/withdrawal_to_read").count() == 1


@pytest.mark.parametrize("missing", ["name", "number", "email", "extent"])
def test_what_is_missing_is_said_and_the_rest_kept(client, order, missing):
    page = client.post(WITHDRAW, typed(order, step="look") | {missing: ""})

    html = page.content.decode()
    assert page.status_code == 422
    assert "There is a problem" in html
    kept = "alice@example.com" if missing != "email" else "Alice Byron"
    assert kept in html


def test_a_wrong_key_is_a_guest(client, order):
    html = client.get(f"{WITHDRAW}?order={order.number}&t=x").content.decode()

    assert 'name="number"' in html
    assert order.number not in html


def test_confirming_is_slowed_down(client, order):
    for number in range(10):
        client.post(WITHDRAW, typed(order, step="confirm", email=f"e{number}@example.com"))

    assert client.post(WITHDRAW, typed(order, step="confirm")).status_code == 429
