"""The page that tells what is left on a gift card, and nothing else."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.services import gift_cards, stored_value
from tests.factories.value import bare_order, gift_card

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]
NOW = timezone.now()


@pytest.fixture
def page():
    return reverse("payments:balance")


def ask(client, page, code):
    return client.post(page, {"code": code})


def test_shows_the_balance_the_end_and_the_uses(client, page):
    card = gift_card("50")
    order = bare_order("30")
    stored_value.hold(order=order, digests=[card.digest], customer=None, now=NOW)

    answer = ask(client, page, gift_cards.code_of(card).lower())

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "£20" in text
    assert "Used for an order" in text
    assert order.number not in text
    assert str(card.expires_on.year) in text


def test_the_code_is_not_written_back(client, page):
    card = gift_card()

    answer = ask(client, page, gift_cards.code_of(card))

    text = answer.content.decode()
    assert gift_cards.code_of(card) not in text
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_a_card_that_has_run_out_says_so(client, page):
    card = gift_card(expires_on=dt.date(2025, 1, 1))

    assert "could be used until" in ask(client, page, gift_cards.code_of(card)).content.decode()


def test_unknown_and_switched_off_are_told_alike(client, page):
    card = gift_card(is_active=False)

    unknown = ask(client, page, "ABCD-EFGH-JKMN-PQRS")
    off = ask(client, page, gift_cards.code_of(card))

    words = "We know no gift card with this code"
    assert (unknown.status_code, off.status_code) == (404, 404)
    assert words in unknown.content.decode()
    assert words in off.content.decode()


def test_guessing_ends_after_ten_tries(client, page):
    card = gift_card()
    for _try in range(10):
        ask(client, page, "ABCD-EFGH-JKMN-PQRS")

    answer = ask(client, page, gift_cards.code_of(card))

    assert answer.status_code == 429
    assert "£50" not in answer.content.decode()


def test_opens_empty_and_asks_for_a_code(client, page):
    assert client.get(page).status_code == 200
    assert ask(client, page, "").status_code == 422
    assert client.delete(page).status_code == 405


def test_a_code_in_the_address_is_not_read(client, page):
    card = gift_card()

    answer = client.get(page, {"code": gift_cards.code_of(card)})

    assert "£50" not in answer.content.decode()
