"""Policies have versions: an order keeps those it was placed by, and a change can ask again."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import PolicyAcceptance, PolicyVersion, Purpose, Visit
from accounts.services import consents, policies
from orders.models import Order
from shipping.models import Fulfilment
from shipping.services import texts
from shop.outbox.models import MailText
from shop.processes import checkout
from tests.factories import CartLineFactory, checkout_of, placed_order, shipped_order
from tests.factories.customers import member

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
OVERVIEW = "/account/"


def version(slug="terms", *, days=0, **fields):
    return PolicyVersion.objects.create(
        slug=slug,
        published_at=timezone.now() + days * DAY,
        **{"title": slug.capitalize(), "body": f"Words of {days}.", **fields},
    )


@pytest.fixture
def alice(demo_market, client):
    """Signed in, and a customer for a year."""
    customer = member()
    customer.created_at = timezone.now() - 365 * DAY
    customer.save()
    client.force_login(customer.user)
    return customer


def test_an_order_keeps_every_text_as_it_stood():
    old, _coming = version(days=-9), version(days=2)
    privacy = version("privacy", days=-9)

    order = placed_order()
    version(days=-1)

    assert set(order.policies.all()) == {old, privacy}
    assert order.terms == old


def test_ordering_with_an_account_is_agreeing():
    now, terms = timezone.now(), version(days=-9)
    line = CartLineFactory(cart__customer=member())

    checkout.place_order(cart=line.cart, choice=checkout_of(), now=now)

    assert PolicyAcceptance.objects.get().policy == terms


def test_every_version_can_be_read_under_its_own_address(client, demo_market):
    version(days=-9, changes="")
    version(days=-1, changes="Longer returns.")

    overview = client.get("/pages/terms/versions/").content.decode()
    first = client.get("/pages/terms/versions/1/").content.decode()
    current = client.get("/pages/terms/").content.decode()

    assert "Longer returns." in overview
    assert "Words of -9." in first
    assert "Words of -1." in current
    assert "/pages/terms/versions/" in current


@pytest.mark.parametrize("path", ["terms/versions/3/", "terms/versions/0/", "nothing/versions/"])
def test_a_version_that_never_was_is_not_found(client, demo_market, path):
    version(days=-9)

    assert client.get(f"/pages/{path}").status_code == 404


def test_a_version_that_is_to_come_is_not_shown(client, demo_market):
    version(days=-9)
    version(days=3)

    assert client.get("/pages/terms/versions/2/").status_code == 404


def test_a_change_that_asks_again_stands_before_the_account(client, alice):
    version(days=-1, asks_again=True, changes="Longer *returns*.")

    answer = client.get(OVERVIEW)
    page = client.get(answer["Location"]).content.decode()

    assert answer["Location"] == "/account/policies/?next=%2Faccount%2F"
    assert "Longer <em>returns</em>." in page


def test_agreeing_leads_on(client, alice):
    terms = version(days=-1, asks_again=True)

    answer = client.post("/account/policies/", {"policy": terms.pk, "next": OVERVIEW})

    assert answer["Location"] == OVERVIEW
    assert client.get(OVERVIEW).status_code == 200
    assert PolicyAcceptance.objects.get().customer == alice


def test_a_version_that_came_while_reading_is_asked_about_by_itself(client, alice):
    shown = version(days=-2, asks_again=True)
    version(days=-1, asks_again=True)

    client.post("/account/policies/", {"policy": shown.pk})

    assert client.get(OVERVIEW).status_code == 302


def test_the_way_out_is_open_without_agreeing(client, alice):
    version(days=-1, asks_again=True)

    assert client.get("/account/privacy/").status_code == 200


@pytest.mark.parametrize("fields", [{"asks_again": False}, {"asks_again": True, "days": 2}])
def test_other_changes_ask_nobody(client, alice, fields):
    version(**{"days": -1, **fields})

    assert client.get(OVERVIEW).status_code == 200


def test_who_came_after_a_change_is_not_asked(alice):
    version(days=-400, asks_again=True)

    assert policies.to_agree(customer=alice, now=timezone.now()) == []


# The notice


def test_the_notice_asks_once_and_a_no_is_as_easy_as_a_yes(client, alice):
    page = client.get(OVERVIEW).content.decode()

    assert page.count('name="answer"') == 2
    assert page.count('class="button button--quiet">No<') == 1
    assert page.count('class="button button--quiet">Yes<') == 1


@pytest.mark.parametrize(("answer", "is_allowed"), [("yes", True), ("no", False), ("", False)])
def test_an_answered_notice_is_gone(client, alice, answer, is_allowed):
    reply = client.post("/account/visits/answer/", {"answer": answer, "next": OVERVIEW})

    assert consents.allows(customer=alice, purpose=Purpose.VISITS) is is_allowed
    assert bool(reply.cookies["visits"].value) is is_allowed
    assert 'name="answer"' not in client.get(OVERVIEW).content.decode()
    assert not Visit.objects.exists()


def test_no_shopper_without_an_account_is_asked(client, demo_market):
    for path in ("/", "/account/login/", reverse("privacy")):
        assert 'name="answer"' not in client.get(path).content.decode()


# Text messages


def told(order):
    MailText.objects.get_or_create(kind="shipping/delivered", defaults={"is_texted": True})
    parcel = Fulfilment.objects.filter(order=order).first()
    return texts.text_about(parcel, "shipping/delivered", key="k")


def test_ticked_at_the_checkout_is_a_consent():
    placed_order(phone="07700900123", wants_sms=True)

    assert consents.allows(email="alice@example.com", purpose=Purpose.SMS)


def test_a_text_asks_for_consent_when_it_leaves():
    order = shipped_order(phone="07700900123", wants_sms=True)
    before = told(order)

    consents.withdraw(
        email=order.email, purpose=Purpose.SMS, source="mail link", now=timezone.now() + DAY
    )

    assert before is not None
    assert told(Order.objects.get(pk=order.pk)) is None
