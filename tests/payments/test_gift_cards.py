"""Gift cards: their codes, how they come to be, and the mail they come in."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from payments.models import ValueAccount
from payments.services import balances, card_codes, gift_cards, stored_value
from payments.services.balances import Cause
from payments.services.card_codes import CodeLost
from payments.services.gift_cards import NothingToSend, Present
from payments.tasks import email_gift_card
from shop.lib.workdays import shop_day
from shop.outbox.models import Mail, Message
from tests.factories.value import bare_order, gift_card, gift_card_variant

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)
TODAY = shop_day(NOW)


def issued(**present):
    return gift_cards.issue(
        amount=Decimal(50),
        currency="GBP",
        present=Present(**{"email": "bob@example.com", **present}),
        cause=Cause("issue", NOW),
    )


def send():
    for message in Message.objects.filter(topic="mail.gift_card", done_at=None).order_by("pk"):
        email_gift_card(message_id=message.pk)
    return mail.outbox


class TestCodes:
    def test_a_code_has_sixteen_characters_that_nobody_mixes_up(self):
        code = gift_cards.code_of(gift_card())

        assert len(code.replace("-", "")) == 16
        assert code.count("-") == 3
        assert not set(code) & set("ILOU")

    def test_the_code_is_nowhere_in_the_database(self):
        card = gift_card()
        code = gift_cards.code_of(card).replace("-", "")

        row = ValueAccount.objects.filter(pk=card.pk).values().get()

        assert not any(code in str(value) for value in row.values())
        assert code.endswith(card.last4)

    @pytest.mark.parametrize(
        "typed",
        [
            lambda code: code.lower(),
            lambda code: code.replace("-", ""),
            lambda code: code.replace("-", " "),
            lambda code: f"  {code}\n",
            lambda code: code.replace("0", "O").replace("1", "I"),
            lambda code: code.replace("0", "o").replace("1", "l"),
            lambda code: code.replace("-", "–"),
        ],
    )
    def test_is_found_however_it_is_typed(self, typed):
        card = gift_card()

        assert stored_value.find(typed(gift_cards.code_of(card))) == card

    @pytest.mark.parametrize("typed", ["", "7K2M", "X" * 5000, "0000-0000-0000-0000", "🎁", "\x00"])
    def test_other_text_finds_nothing_with_the_same_work(self, typed, django_assert_num_queries):
        gift_card()

        with django_assert_num_queries(1):
            assert stored_value.find(typed) is None

    def test_a_card_that_is_switched_off_is_not_there(self):
        card = gift_card(is_active=False)

        assert stored_value.find(gift_cards.code_of(card)) is None

    def test_a_new_secret_leaves_the_codes_as_they_are(self, settings):
        card = gift_card()
        code = gift_cards.code_of(card)

        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-secret" * 4

        assert gift_cards.code_of(card) == code
        assert stored_value.find(code) == card

    def test_a_lost_secret_is_said_and_not_guessed(self, settings):
        card = gift_card()
        settings.SECRET_KEY = "another-secret" * 4

        with pytest.raises(CodeLost):
            gift_cards.code_of(card)

    def test_two_cards_have_two_codes(self):
        assert gift_cards.code_of(gift_card()) != gift_cards.code_of(gift_card())
        assert card_codes.normalise("o0-iIlL1") == "0011111"


class TestIssuing:
    def line(self, quantity=1, extras=()):
        order = bare_order("50")
        return order.lines.create(
            variant=gift_card_variant(),
            sku="GC-25",
            title="Gift card",
            is_shipped=False,
            quantity=quantity,
            unit_price=Decimal(25),
            extras=list(extras),
            net=Decimal(25) * quantity,
            tax=0,
            gross=Decimal(25) * quantity,
        )

    def test_every_unit_becomes_a_card_once(self):
        line = self.line(quantity=2)

        first = gift_cards.issue_for_line(line=line, now=NOW)
        again = gift_cards.issue_for_line(line=line, now=NOW)

        assert [(card.unit, card.balance) for card in first] == [(1, 25), (2, 25)]
        assert again == []
        assert line.gift_cards.count() == 2

    def test_goes_to_whom_the_buyer_named_on_the_day_they_chose(self):
        line = self.line(
            extras=[
                {"name": "For", "value": "Bob", "amount": "0", "role": "to"},
                {"name": "E-mail", "value": "bob@example.com", "amount": "0", "role": "address"},
                {"name": "Words", "value": "Happy <b>birthday</b>", "amount": "0", "role": "words"},
                {"name": "Day", "value": "24 December", "role": "day", "day": "2026-12-24"},
            ]
        )

        card = gift_cards.issue_for_line(line=line, now=NOW)[0]

        message = Message.objects.get(topic="mail.gift_card")
        assert (card.recipient_name, card.recipient_email) == ("Bob", "bob@example.com")
        assert card.send_on == dt.date(2026, 12, 24)
        assert message.due_at == dt.datetime(2026, 12, 24, 9, 0, tzinfo=dt.UTC)
        assert not Message.objects.due(now=NOW).filter(pk=message.pk).exists()
        assert gift_cards.of_order(line.order) == [card]

    def test_without_an_address_it_goes_to_the_buyer_at_once(self):
        card = gift_cards.issue_for_line(line=self.line(), now=NOW)[0]

        assert card.recipient_email == "alice@example.com"
        assert Message.objects.get(topic="mail.gift_card").due_at == NOW

    def test_a_day_that_has_passed_is_today(self):
        issued(send_on=TODAY - dt.timedelta(days=3))

        assert Message.objects.get(topic="mail.gift_card").due_at == NOW

    def test_can_be_used_for_five_years(self):
        leap = dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC)
        card = gift_cards.issue(
            amount=Decimal(5), currency="GBP", present=Present(""), cause=Cause("issue", leap)
        )

        assert issued().expires_on == dt.date(2031, 11, 22)
        assert card.expires_on == dt.date(2033, 2, 28)

    def test_many_are_made_without_a_mail(self):
        cards = gift_cards.issue_many(
            count=3, amount=Decimal(10), currency="EUR", cause=Cause("issue", NOW)
        )

        assert balances.owed() == {"EUR": Decimal(30)}
        assert len({card.digest for card in cards}) == 3
        assert not Message.objects.filter(topic="mail.gift_card").exists()


class TestMailing:
    def test_the_mail_has_all_that_is_needed(self):
        card = issued(name="Bob", words="Happy <b>birthday</b> & many more")

        sent = send()[0]

        code = gift_cards.code_of(card)
        html = sent.alternatives[0].content
        assert sent.to == ["bob@example.com"]
        assert code in sent.body
        assert code in html
        assert "£50" in sent.body
        assert "Happy &lt;b&gt;birthday&lt;/b&gt; &amp; many more" in html
        assert "/gift-cards/" in sent.body
        assert code not in sent.subject
        card.refresh_from_db()
        assert card.sent_at is not None

    def test_the_copy_that_staff_see_has_no_code(self):
        card = issued()

        send()

        kept = Mail.objects.get()
        code = gift_cards.code_of(card)
        assert code not in kept.text + kept.html + kept.subject
        assert "Its code: …" in kept.text

    def test_is_sent_once_and_again_when_asked(self):
        card = issued()
        message = Message.objects.get(topic="mail.gift_card")

        email_gift_card(message_id=message.pk)
        email_gift_card(message_id=message.pk)
        gift_cards.resend(card=card, now=timezone.now())

        assert len(send()) == 2

    def test_what_is_switched_off_is_not_sent(self):
        card = issued(send_on=TODAY + dt.timedelta(days=5))
        balances.switch(account=card, is_active=False)

        assert not send()
        card.refresh_from_db()
        with pytest.raises(NothingToSend):
            gift_cards.resend(card=card, now=NOW)
