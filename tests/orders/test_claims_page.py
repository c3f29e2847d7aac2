"""Telling the shop that something went wrong, and following it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from orders.models import CasePhoto, Claim
from orders.tasks import email_claim
from shop.outbox.models import Mail, Message
from shop.processes import claiming
from tests.factories import paid_order, shipped_order
from tests.orders.test_returns_page import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return shipped_order(quantity=2)


def start(order):
    return f"{reverse('orders:claim_start', args=[order.number])}?t={order.link_token}"


def tell(client, order, **fields):
    line = order.lines.get()
    data = {
        "kind": "damaged",
        "parcel": "1",
        f"units-{line.pk}": "1",
        "wish": "replace",
        "words": "The handle came off",
        "key": "k1",
    }
    return client.post(start(order), data | fields)


def send():
    for message in Message.objects.filter(topic="mail.claim"):
        email_claim(message_id=message.pk)


def test_a_broken_piece_is_told_with_a_picture(client, order):
    answer = tell(client, order, photo=picture())

    claim = Claim.objects.get()
    assert answer.status_code == 302
    assert (claim.kind, claim.wish) == ("damaged", "replace")
    assert claim.parcel == order.fulfilments.get().pk
    assert CasePhoto.objects.get().claim == claim
    assert "The handle came off" in client.get(answer.url).content.decode()


def test_telling_twice_is_one_claim(client, order):
    assert tell(client, order).url == tell(client, order).url
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("fields", [{"kind": ""}, {"kind": "theft"}, {"wish": "gold"}])
def test_what_can_not_be_told_is_refused_and_kept(client, order, fields):
    page = tell(client, order, **fields)

    assert page.status_code == 422
    assert "The handle came off" in page.content.decode()
    assert not Claim.objects.exists()


def test_nothing_can_be_wrong_before_anything_has_left(client):
    html = client.get(start(paid_order())).content.decode()

    assert "Nothing has left us yet" in html


def test_opening_and_decision_are_one_mail_each(client, order):
    tell(client, order)
    claim = Claim.objects.get()
    claiming.decline(claim_id=claim.pk, reason="It was used.", actor=None, now=timezone.now())
    send()
    Message.objects.update(done_at=None)
    send()

    kinds = sorted(Mail.objects.values_list("kind", flat=True))
    assert kinds == ["orders/claim_decided", "orders/claim_opened"]
    assert "It was used." in Mail.objects.get(kind="orders/claim_decided").text


def test_it_can_be_withdrawn_when_the_piece_turned_up(client, order):
    page = tell(client, order).url
    claim = Claim.objects.get()
    path = reverse("orders:claim_cancel", args=[order.number, claim.number])

    client.post(f"{path}?t={order.link_token}")

    claim.refresh_from_db()
    assert claim.status == Claim.Status.CANCELED
    assert "Withdraw the claim" not in client.get(page).content.decode()


def test_the_order_page_lists_its_claims(client, order):
    tell(client, order)

    html = client.get(order.get_absolute_url()).content.decode()

    assert f"Claim {Claim.objects.get().number}" in html


def test_strangers_learn_nothing(client, order):
    tell(client, order)
    other, claim = shipped_order(), Claim.objects.get()

    assert client.get(reverse("orders:claim_start", args=[order.number])).status_code == 404
    strange = reverse("orders:claim", args=[other.number, claim.number])
    assert client.get(f"{strange}?t={other.link_token}").status_code == 404
