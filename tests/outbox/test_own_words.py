"""Staff's own words in mails: filled in safely, shown under the heading, or the mail kept back."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail as outgoing

from orders.emails import letter
from shop.outbox import mail
from shop.outbox.kinds import KINDS
from shop.outbox.models import Mail, MailText
from shop.outbox.own_words import fill, unknown
from tests.factories import paid_order

pytestmark = pytest.mark.django_db
KIND = "orders/payment_received"


@pytest.fixture
def order():
    return paid_order(payment_method="bank_transfer", name="Ada <b>Byron</b>")


def sent(order, **own):
    """The mail about a payment, with staff's own words for it."""
    MailText.objects.create(kind=KIND, **own)
    return mail.send(letter(order, "payment_received", key="k"))


def test_the_subject_and_the_opening_are_staffs_own(order):
    kept = sent(order, subject="{name}: order {number}", opening="Dear {name},\nthank you.")

    assert kept.subject == f"Ada <b>Byron</b>: order {order.number}"
    assert outgoing.outbox[-1].subject == kept.subject
    assert "Dear Ada &lt;b&gt;Byron&lt;/b&gt;,<br>thank you." in kept.html
    heading, opening, *_rest = kept.text.split("\n\n")
    assert heading == "Your payment is in, thank you"
    assert opening == "Dear Ada <b>Byron</b>,\nthank you."


def test_the_shops_own_opening_steps_back_and_its_figures_stay(order):
    kept = sent(order, opening="It is in.")

    assert "We are packing your order" not in kept.text + kept.html
    assert "£" in kept.text
    assert order.get_absolute_url() in kept.text


def test_words_of_another_language_are_not_taken(order):
    kept = sent(order, language="de", opening="Ist da.")

    assert "Ist da." not in kept.text


def test_a_mail_that_is_switched_off_leaves_a_note_and_never_goes_out(order):
    assert sent(order, is_sent=False) is None

    note = Mail.objects.get(key="k")
    assert note.subject == f"Not sent: Your payment for order {order.number} is in"
    assert note.text == "This mail is switched off."
    assert not outgoing.outbox
    MailText.objects.update(is_sent=True)
    assert mail.send(letter(order, "payment_received", key="k")) is None
    assert not outgoing.outbox


def test_what_the_law_asks_for_can_not_be_switched_off(order):
    MailText.objects.create(kind="orders/order_confirmation", is_sent=False)

    assert mail.send(letter(order, "order_confirmation", key="k")) is not None


@pytest.mark.parametrize(
    ("words", "filled"),
    [
        ("{number}", "10482"),
        ("{number.__class__}", "{number.__class__}"),
        ("{0}", ""),
        ("a {nobody} b", "a b"),
        ("{{number}}", "{10482}"),
        ("100 % {number!r}", "100 % {number!r}"),
    ],
)
def test_nothing_but_names_is_filled_in(words, filled):
    assert fill(words, {"number": "10482"}) == filled


def test_what_can_not_be_filled_in_is_told():
    assert unknown("{number} {nobody} {number.x} }", ["number"]) == ["nobody", "{", "}", "}"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_templates_and_a_heading_to_stand_under(kind):
    folder = Path(settings.BASE_DIR) / "templates" / "emails"
    for ending in ("subject.txt", "txt", "html"):
        assert (folder / f"{kind}.{ending}").is_file()

    plain = (folder / f"{kind}.txt").read_text()
    heading = re.sub(r"{#.*?#}|{%\s*(end)?autoescape.*?%}", "", plain).lstrip().split("\n\n")[0]
    assert "\n" not in heading.strip()


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_shops_own_text_messages_name_only_what_is_known(kind):
    assert unknown(str(kind.sms), kind.places) == []
