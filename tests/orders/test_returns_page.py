"""Sending something back from an order's page: choose, see what it comes to, confirm, follow it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from orders.models import CasePhoto, Exchange, Return, ReturnRule
from orders.services import return_policy
from orders.tasks import email_return
from shop.outbox.models import Mail, Message
from shop.processes import returns
from tests.factories import in_stock, paid_order, shipped_order
from tests.factories.shelf import product_with, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    """Three mugs of £22.00 that have come."""
    return shipped_order(variant=in_stock(20), quantity=3)


def start(order):
    return f"{reverse('orders:return_start', args=[order.number])}?t={order.link_token}"


def choice(order, **fields):
    line = order.lines.order_by("pk").first()
    return {
        f"units-{line.pk}": "2",
        f"reason-{line.pk}": "changed_mind",
        "wish": "origin",
        "key": "k1",
        **fields,
    }


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return SimpleUploadedFile("broken.png", file.getvalue(), content_type="image/png")


def ask(client, order, **fields):
    return client.post(start(order), choice(order, step="confirm", **fields))


def send():
    for message in Message.objects.filter(topic="mail.return"):
        email_return(message_id=message.pk)


def test_the_order_page_tells_what_the_policy_says(client, order):
    html = client.get(order.get_absolute_url()).content.decode()

    assert "You can send it back" in html
    assert f"/returns/{order.number}/" in html


def test_the_form_says_the_same_of_returns_as_the_product_page(client, order):
    words = return_policy.words(product=None, country="GB")

    assert words.long in client.get(start(order)).content.decode()


def test_a_line_that_may_not_come_back_says_why(client, order):
    return_policy.policy()
    ReturnRule.objects.update(is_final_sale=True)

    html = client.get(start(order)).content.decode()

    assert "final sale" in html
    assert "See what I get back" not in html


def test_the_estimate_shows_sum_and_deadline_and_writes_nothing(client, order):
    page = client.post(start(order), choice(order, step="estimate"))

    html = page.content.decode()
    assert page.status_code == 200
    assert "£44.00" in html
    assert "These terms hold until" in html
    assert not Return.objects.exists()


def test_a_return_is_asked_for_and_its_page_opened(client, order):
    answer = ask(client, order)

    rma = Return.objects.get()
    html = client.get(answer.url).content.decode()
    assert answer.status_code == 302
    assert (rma.lines.get().quantity, rma.expected) == (2, 44)
    assert rma.number in html
    assert "Thank you, we have it" in html


def test_a_second_click_asks_once(client, order):
    first, second = ask(client, order), ask(client, order)

    assert first.url == second.url
    assert Return.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("units", "0", "Choose what you want to send back"),
        ("units", "9", "At most 3"),
        ("units", "x", "Choose what you want to send back"),
        ("reason", "", "Choose a reason"),
        ("reason", "spite", "Choose a reason"),
    ],
)
def test_mistakes_are_told_and_what_was_typed_is_kept(client, order, field, value, words):
    line = order.lines.get()
    fields = {f"{field}-{line.pk}": value, "words": "Too heavy for me"}

    page = client.post(start(order), choice(order, step="estimate", **fields))

    html = page.content.decode()
    assert page.status_code == 422
    assert words in html
    assert "Too heavy for me" in html


def test_going_back_keeps_what_was_typed(client, order):
    line = order.lines.get()

    page = client.post(start(order), choice(order, step="change", **{f"note-{line.pk}": "chip"}))

    html = page.content.decode()
    assert page.status_code == 200
    assert 'value="chip"' in html
    assert 'value="2" selected' in html


def test_a_reason_that_asks_for_a_picture_gets_one(client, order):
    line = order.lines.get()
    fields = {f"reason-{line.pk}": "faulty"}

    without = ask(client, order, **fields)
    with_one = ask(client, order, **fields, **{f"photo-{line.pk}": picture()})

    assert without.status_code == 422
    assert "add a picture" in without.content.decode()
    assert with_one.status_code == 302
    assert CasePhoto.objects.get().order_line == line


def test_what_is_no_picture_is_refused_in_words(client, order):
    line = order.lines.get()
    fake = SimpleUploadedFile("a.png", b"<script>", content_type="image/png")

    page = ask(client, order, **{f"photo-{line.pk}": fake})

    assert page.status_code == 422
    assert not Return.objects.exists()


def test_a_piece_is_exchanged_for_another_size(client):
    mug = product_with({"Glaze": ["Ash", "Moss"]}, units=9, price="22.00")
    ash, moss = mug.variants.order_by("position")
    order = shipped_order(variant=ash)
    shelve()
    line = order.lines.get()
    fields = {f"units-{line.pk}": "1", f"swap-{line.pk}": str(moss.pk), "wish": "exchange"}

    html = client.get(start(order)).content.decode()
    estimate = client.post(start(order), choice(order, step="estimate", **fields))
    ask(client, order, **fields)

    assert f'<option value="{moss.pk}"' in html
    assert f'<option value="{ash.pk}"' in html
    assert "Instead: 1" in estimate.content.decode()
    assert Exchange.objects.get().lines.get().variant == moss


def test_each_step_is_one_mail(client, order):
    ask(client, order)
    rma = Return.objects.get()
    if rma.status == Return.Status.REQUESTED:
        returns.approve(rma_id=rma.pk, actor=None, now=timezone.now())
    send()
    Message.objects.update(done_at=None)
    send()

    kinds = list(Mail.objects.values_list("kind", flat=True))
    assert kinds.count("orders/return_approved") == 1
    assert len(kinds) == len(set(kinds))
    assert all(rma.number in one.text for one in Mail.objects.filter(kind__contains="return_"))


def test_it_can_be_called_off_until_it_is_sent(client, order):
    page = ask(client, order).url.replace("&done=1", "")
    rma = Return.objects.get()
    path = reverse("orders:return_cancel", args=[order.number, rma.number])

    answer = client.post(f"{path}?t={order.link_token}")
    again = client.post(f"{path}?t={order.link_token}")

    assert answer.url == page
    assert "Cancelled" in client.get(page).content.decode()
    assert again.status_code in (302, 409)


def test_an_agreed_return_says_what_to_do_and_gives_its_label(client, order):
    return_policy.policy()
    ReturnRule.objects.update(pays_return="shop", approve_below="500.00", keep_below=None)
    answer = ask(client, order, way="label")
    rma = Return.objects.get()
    path = reverse("orders:return_label", args=[order.number, rma.number])

    html = client.get(answer.url).content.decode()
    label = client.post(f"{path}?t={order.link_token}")

    assert "What to do now" in html
    assert label.status_code == 200
    assert b"".join(label.streaming_content).startswith(b"%PDF")


def test_posting_it_is_told(client, order):
    return_policy.policy()
    ReturnRule.objects.update(approve_below="500.00", keep_below=None)
    ask(client, order)
    rma = Return.objects.get()
    path = reverse("orders:return_posted", args=[order.number, rma.number])

    client.post(f"{path}?t={order.link_token}", {"tracking_number": "RM 77"})

    rma.refresh_from_db()
    assert (rma.status, rma.tracking_number) == (Return.Status.IN_TRANSIT, "RM 77")


def test_the_order_page_lists_its_returns(client, order):
    ask(client, order)

    html = client.get(order.get_absolute_url()).content.decode()

    assert f"Return {Return.objects.get().number}" in html


def test_what_has_not_left_can_not_come_back(client):
    html = client.get(start(paid_order())).content.decode()

    assert "This has not been sent yet." in html


def test_strangers_see_and_do_nothing(client, order):
    ask(client, order)
    other, rma = shipped_order(), Return.objects.get()

    assert client.get(reverse("orders:return_start", args=[order.number])).status_code == 404
    strange = reverse("orders:return", args=[other.number, rma.number])
    assert client.get(f"{strange}?t={other.link_token}").status_code == 404


def test_another_sites_form_asks_for_nothing(order):
    answer = Client(enforce_csrf_checks=True).post(start(order), choice(order, step="confirm"))

    assert answer.status_code == 403
    assert not Return.objects.exists()
