"""Asking to be told: only a confirmed address waits, and nobody learns who else does."""

import datetime as dt
import logging

import pytest
from celery import current_app
from django.urls import reverse
from django.utils import timezone

from catalog.models import Market
from marketing.models import Alert
from shop.outbox.models import Mail, Message
from tests.factories import MarketFactory, PriceFactory, TaxRateFactory, VariantFactory, in_stock
from tests.factories.people import UserFactory, staff

pytestmark = pytest.mark.django_db
HOSTILE = [
    "",
    "\x00",
    "' or 1=1 --",
    "<script>",
    "x" * 5000,
    "-1",
    "💥",
    "a@b",
    "a@b.c\nBcc: x@y.z",
]
ADDRESS = "alice@example.com"


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    TaxRateFactory()


def ask(client, variant, kind="back_in_stock", email=ADDRESS, **headers):
    return client.post(
        reverse("marketing:alert"),
        {"sku": variant.sku, "kind": kind, "email": email},
        headers={"Sec-Fetch-Site": "same-origin", **headers},
    )


def send_what_is_owed():
    for message in Message.objects.filter(topic__startswith="mail.alert", done_at=None):
        current_app.tasks[message.topic](message_id=message.pk)


def address(name, alert):
    return reverse(f"marketing:{name}", args=[alert.token])


def without_address(answer, email):
    return answer.content.decode().replace(email, "…")


def test_asking_owes_one_question_and_switches_nothing_on(client):
    ask(client, VariantFactory())

    assert Alert.objects.get().status == Alert.Status.UNCONFIRMED
    assert Message.objects.filter(topic="mail.alert_confirmation").count() == 1


def test_the_question_shows_the_piece_and_one_link(client, mailoutbox):
    variant = VariantFactory()
    ask(client, variant)

    send_what_is_owed()

    (mail,) = mailoutbox
    confirmation = address("alert_confirmation", Alert.objects.get())
    assert mail.to == [ADDRESS]
    assert variant.product.title in mail.body
    assert mail.body.count("http") == 1
    assert confirmation in mail.body


def test_every_mail_can_be_answered_with_one_click_to_stop(client, mailoutbox):
    ask(client, VariantFactory())
    send_what_is_owed()

    headers = mailoutbox[0].extra_headers

    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address("alert_cancellation", Alert.objects.get()) in headers["List-Unsubscribe"]


def test_following_the_link_confirms_nothing_until_the_button_is_pressed(client):
    ask(client, VariantFactory())
    alert = Alert.objects.get()

    html = client.get(address("alert_confirmation", alert)).content.decode()

    alert.refresh_from_db()
    assert alert.status == Alert.Status.UNCONFIRMED
    assert "<form" in html
    assert ADDRESS not in html


def test_the_button_confirms_once(client):
    ask(client, VariantFactory())
    alert = Alert.objects.get()

    first = client.post(address("alert_confirmation", alert))
    alert.refresh_from_db()
    confirmed_at = alert.confirmed_at
    client.post(address("alert_confirmation", alert))

    alert.refresh_from_db()
    assert first.status_code == 200
    assert alert.status == Alert.Status.ACTIVE
    assert alert.confirmed_at == confirmed_at


def test_a_mail_program_calls_off_by_itself_from_wherever_it_is(client):
    ask(client, VariantFactory())
    alert = Alert.objects.get()

    answer = client.post(
        address("alert_cancellation", alert),
        {"List-Unsubscribe": "One-Click"},
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )

    alert.refresh_from_db()
    assert answer.status_code == 200
    assert alert.status == Alert.Status.CANCELED


def test_looking_at_the_page_to_call_off_changes_nothing(client):
    ask(client, VariantFactory())
    alert = Alert.objects.get()

    client.get(address("alert_cancellation", alert))

    alert.refresh_from_db()
    assert alert.status == Alert.Status.UNCONFIRMED


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client):
    variant = VariantFactory()
    new = ask(client, variant)
    Alert.objects.update(status=Alert.Status.ACTIVE)

    known = ask(client, variant, email=ADDRESS.upper())

    assert (new.status_code, known.status_code) == (200, 200)
    assert without_address(new, ADDRESS) == without_address(known, ADDRESS.upper())
    assert Alert.objects.count() == 1


def test_asking_again_on_the_same_day_sends_no_second_question(client):
    variant = VariantFactory()

    ask(client, variant)
    ask(client, variant)

    assert Message.objects.filter(topic="mail.alert_confirmation").count() == 1


def test_nobodys_letter_box_is_filled_by_others(client, settings):
    for _number in range(14):
        client.defaults["REMOTE_ADDR"] = f"10.0.0.{_number}"
        ask(client, VariantFactory())

    assert Alert.objects.count() == 10


def test_too_many_tries_from_one_place_have_to_wait(client):
    answers = [ask(client, VariantFactory(), email=f"a{n}@example.com") for n in range(12)]

    assert answers[-1].status_code == 429
    assert "wait" in answers[-1].content.decode()


def test_another_site_cannot_ask_for_anyone(client):
    answer = ask(
        client,
        VariantFactory(),
        **{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    )

    assert answer.status_code == 403
    assert not Alert.objects.exists()


def test_what_is_there_needs_no_alert(client):
    answer = ask(client, in_stock())

    assert "in stock now" in answer.content.decode()
    assert not Alert.objects.exists()


def test_a_price_alert_remembers_the_price_of_its_own_market(client):
    variant = in_stock()
    variant.product.type.is_shipped = False
    variant.product.type.save()
    PriceFactory(variant=variant, market=MarketFactory(eu=True), amount=27)

    client.post("/eu/alerts/", {"sku": variant.sku, "kind": "price_drop", "email": ADDRESS})

    alert = Alert.objects.get()
    assert (alert.price_seen, alert.market) == (27, Market.objects.get(code="eu"))


def test_who_is_signed_in_need_not_confirm_the_own_address_but_any_other(client):
    user = UserFactory(email=ADDRESS)
    client.force_login(user)

    ask(client, VariantFactory())
    ask(client, VariantFactory(), email="bob@example.com")

    states = dict(Alert.objects.values_list("email", "status"))
    assert states == {ADDRESS: Alert.Status.ACTIVE, "bob@example.com": Alert.Status.UNCONFIRMED}


@pytest.mark.parametrize("text", HOSTILE)
def test_odd_addresses_are_refused_with_a_reason(client, text):
    answer = ask(client, VariantFactory(), email=text)

    assert answer.status_code == 422
    assert "email address" in answer.content.decode()
    assert not Alert.objects.exists()


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["sku", "kind"])
def test_odd_pieces_are_not_found(client, field, text):
    data = {"sku": VariantFactory().sku, "kind": "price_drop", "email": ADDRESS, field: text}

    answer = client.post(reverse("marketing:alert"), data)

    assert answer.status_code == 404
    assert not Alert.objects.exists()


@pytest.mark.parametrize("token", ["x", "x" * 300, "' or 1=1", "💥"])
def test_guessed_keys_open_nothing(client, token):
    for name in ("alert_confirmation", "alert_cancellation"):
        path = reverse(f"marketing:{name}", args=[token])

        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_the_address_is_on_the_page_only_as_text(client):
    answer = ask(client, VariantFactory(), email='"><script>alert(1)</script>"@example.com')

    assert "<script>alert" not in answer.content.decode()


def test_the_form_has_an_address_of_its_own_for_baskets_and_lists(client):
    variant = VariantFactory()

    html = client.get(
        reverse("marketing:alert"), {"sku": variant.sku, "kind": "back_in_stock"}
    ).content.decode()

    assert variant.product.title in html
    assert 'name="email"' in html


def test_no_address_is_written_to_a_log(client, caplog):
    caplog.set_level(logging.DEBUG)

    ask(client, VariantFactory())
    ask(client, VariantFactory(), email="no address at all")
    send_what_is_owed()

    assert ADDRESS not in caplog.text
    assert "no address" not in caplog.text


def test_a_question_called_off_meanwhile_is_not_sent(client, mailoutbox):
    ask(client, VariantFactory())
    client.post(address("alert_cancellation", Alert.objects.get()))

    send_what_is_owed()

    assert not mailoutbox
    assert not Mail.objects.exists()


def test_who_called_off_may_ask_anew(client):
    variant = VariantFactory()
    ask(client, variant)
    Alert.objects.update(
        status=Alert.Status.CANCELED, created_at=timezone.now() - dt.timedelta(days=1)
    )

    ask(client, variant)

    assert Alert.objects.filter(status=Alert.Status.UNCONFIRMED).count() == 1


@pytest.mark.parametrize(("role", "sees"), [("manager", True), ("marketing", False)])
def test_staff_see_who_waits_if_they_may_see_people_but_never_the_key(client, role, sees):
    ask(client, VariantFactory())
    alert = Alert.objects.get()
    client.force_login(staff(role))

    pages = [
        client.get(reverse("admin:marketing_alert_changelist")),
        client.get(reverse("admin:marketing_alert_change", args=[alert.pk])),
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert [ADDRESS in page.content.decode() for page in pages] == [sees, sees]
    assert not any(alert.token in page.content.decode() for page in pages)
