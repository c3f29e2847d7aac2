"""Staff: what is owed is seen, given, corrected with a reason, and no code is shown."""

import csv
import io
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from payments.models import ValueAccount
from payments.services import gift_cards, stored_value
from shop.outbox.models import Message
from tests.exported import without_mark
from tests.factories.people import staff
from tests.factories.value import gift_card, store_credit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_market")]
LIST = "admin:payments_valueaccount_changelist"


@pytest.fixture
def sign_in(client):
    def signed_in(role):
        client.force_login(staff(role))
        return client

    return signed_in


def giving(slug):
    return reverse("admin:payments_valueaccount_giving", args=[slug])


def correction(account):
    return reverse("admin:payments_valueaccount_correction", args=[account.pk])


def shown(client, **query):
    page = client.get(reverse(LIST), query)
    assert page.status_code == 200
    return set(page.context["cl"].queryset), page.content.decode()


def act(client, action, *accounts):
    rows = [account.pk for account in accounts]
    return client.post(
        reverse(LIST), {"action": action, "_selected_action": rows, "index": 0}, follow=True
    ).content.decode()


class TestList:
    def test_shows_what_is_owed_and_no_code(self, sign_in):
        card = gift_card("50", email="bob@example.com")
        store_credit("20")

        _rows, text = shown(sign_in("support"))

        assert "£70" in text
        assert f"…{card.last4}" in text
        assert gift_cards.code_of(card) not in text

    def test_is_searched_by_ending_and_address(self, sign_in):
        client = sign_in("support")
        card, credit = gift_card(email="bob@example.com"), store_credit()

        assert shown(client, q=card.last4.lower())[0] == {card}
        assert shown(client, q="bob@")[0] == {card}
        assert shown(client, q="alice@example.com")[0] == {credit}

    def test_is_filtered_by_state(self, sign_in):
        client = sign_in("support")
        good, off = gift_card(), gift_card(is_active=False)

        assert shown(client, state="open")[0] == {good}
        assert shown(client, state="off")[0] == {off}

    def test_stays_shut_for_those_whose_work_it_is_not(self, sign_in):
        client = sign_in("catalogue")

        assert client.get(reverse(LIST)).status_code == 403
        assert client.get(giving("card")).status_code == 403

    def test_one_account_opens_with_its_entries(self, sign_in):
        card = gift_card("50")

        page = sign_in("support").get(reverse("admin:payments_valueaccount_change", args=[card.pk]))

        text = page.content.decode()
        assert page.status_code == 200
        assert "£50" in text
        assert "Added" in text
        assert gift_cards.code_of(card) not in text


class TestGiving:
    def test_support_gives_a_card_that_is_mailed(self, sign_in):
        answer = sign_in("support").post(
            giving("card"),
            {"amount": "25", "currency": "GBP", "email": "bob@example.com", "reason": "Sorry"},
        )

        card = ValueAccount.objects.get()
        entry = card.entries.get()
        assert answer.status_code == 302
        assert (card.balance, card.recipient_email) == (25, "bob@example.com")
        assert (entry.reason, entry.actor.name) == ("Sorry", "Support")
        assert Message.objects.get(topic="mail.gift_card")

    def test_credit_goes_to_the_customer(self, sign_in):
        sign_in("support").post(
            giving("credit"),
            {"amount": "5.50", "currency": "GBP", "email": "eve@example.com", "reason": "Late"},
        )

        account = ValueAccount.objects.get()
        assert (account.balance, account.customer.email) == (Decimal("5.50"), "eve@example.com")

    @pytest.mark.parametrize("amount", ["0", "-5", "1.005", "99999999", "x"])
    def test_odd_amounts_are_refused(self, sign_in, amount):
        answer = sign_in("support").post(
            giving("credit"),
            {"amount": amount, "currency": "GBP", "email": "eve@example.com", "reason": "Late"},
        )

        assert answer.status_code == 200
        assert not ValueAccount.objects.exists()

    def test_many_cards_come_in_one_file(self, sign_in):
        answer = sign_in("manager").post(
            giving("cards"), {"count": "3", "amount": "10", "currency": "GBP", "reason": "Fair"}
        )

        rows = list(csv.reader(io.StringIO(without_mark(answer.content.decode("utf-8-sig")))))
        codes = [row[0] for row in rows[1:]]
        assert len(set(codes)) == 3
        assert all(stored_value.find(code).balance == 10 for code in codes)
        assert "no-store" in answer.headers["Cache-Control"]

    def test_the_file_with_codes_is_not_for_support(self, sign_in):
        client = sign_in("support")

        assert client.get(giving("cards")).status_code == 403
        assert giving("cards") not in shown(client)[1]
        assert giving("card") in shown(client)[1]

    def test_a_card_is_found_by_its_code(self, sign_in):
        client, card = sign_in("support"), gift_card(is_active=False)

        found = client.post(giving("code"), {"code": gift_cards.code_of(card).lower()})
        unknown = client.post(giving("code"), {"code": "nothing"})

        assert found.url == reverse("admin:payments_valueaccount_change", args=[card.pk])
        assert "no card with this code" in unknown.content.decode()

    def test_there_is_nothing_else_to_give(self, sign_in):
        assert sign_in("owner").get(giving("house")).status_code == 404


class TestCorrecting:
    def test_a_manager_corrects_with_a_reason(self, sign_in):
        client, card = sign_in("manager"), gift_card("50")

        client.post(correction(card), {"amount": "-5", "reason": ""})
        client.post(correction(card), {"amount": "-5", "reason": "Typo"})

        card.refresh_from_db()
        assert card.balance == 45

    def test_no_more_is_taken_than_there_is(self, sign_in):
        card = gift_card("50")

        answer = sign_in("manager").post(correction(card), {"amount": "-51", "reason": "Typo"})

        card.refresh_from_db()
        assert "not enough" in answer.content.decode()
        assert card.balance == 50

    def test_support_corrects_nothing(self, sign_in):
        client, card = sign_in("support"), gift_card("50")

        assert client.post(correction(card), {"amount": "5", "reason": "x"}).status_code == 403
        act(client, "switch_off", card)

        card.refresh_from_db()
        assert (card.balance, card.is_active) == (50, True)

    def test_cards_are_switched_off_and_on_again(self, sign_in):
        client, card, other = sign_in("manager"), gift_card(), gift_card(is_active=False)

        told = act(client, "switch_off", card, other)

        card.refresh_from_db()
        assert not card.is_active
        assert "Switched off." in told
        assert "it was so already" in told
        assert LogEntry.objects.filter(object_id=card.pk).count() == 1

    def test_mailing_again_reports_row_by_row(self, sign_in):
        client = sign_in("support")
        card, paper = gift_card(email="bob@example.com"), gift_card()

        told = act(client, "send_again", card, paper)

        assert "bob@example.com" in told
        assert "has no address" in told
        assert Message.objects.filter(key__contains="again").count() == 1
