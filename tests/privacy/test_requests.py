"""Asking for one's data, or to be forgotten: from the account, and by a mailed link."""

import datetime as dt
import json
import re
import zipfile
from io import BytesIO

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.utils import timezone

from accounts.models import Customer, PrivacyRequest
from orders.models import Order
from shop import privacy_tasks
from shop.outbox.models import Mail, Message
from shop.processes.privacy import exporting, requests
from tests.factories.customers import member
from tests.factories.value import store_credit
from tests.privacy import world

pytestmark = pytest.mark.django_db
State = PrivacyRequest.State
TASKS = {
    "privacy.mail_link": privacy_tasks.mail_link,
    "privacy.tell_ready": privacy_tasks.tell_ready,
    "privacy.tell_refused": privacy_tasks.tell_refused,
    "privacy.erase": privacy_tasks.erase,
    "privacy.export": privacy_tasks.export,
    "privacy.delete_files": privacy_tasks.delete_files,
}


@pytest.fixture(autouse=True)
def somewhere(demo_market, provider, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def work():
    """Do what is owed, and what that owes."""
    while message := Message.objects.filter(topic__in=TASKS, done_at=None).first():
        TASKS[message.topic](message_id=message.pk)


def signed_in(client, customer):
    client.force_login(customer.user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": timezone.now().timestamp(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(customer.user.pk)
    session.save()


def link_in_mail():
    return re.search(r"https?://[^/\s]+(/\S*privacy/\S+)", mail.outbox[-1].body)[1]


def archive(answer):
    return zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))


def ask(client, kind, email=world.EMAIL):
    return client.post("/privacy/", {"email": email, "kind": kind})


# From the account


def test_an_account_gets_everything_in_one_file(client):
    customer = world.zelda()
    signed_in(client, customer)

    client.post("/account/privacy/export/")
    work()
    request = PrivacyRequest.objects.get()
    page = client.get("/account/privacy/").content.decode()
    file = archive(client.get(f"/account/privacy/{request.number}/"))
    found = json.loads(file.read("everything.json"))
    text = file.read("everything.html").decode()

    assert f"/account/privacy/{request.number}/" in page
    assert found["data"]["orders.Order"][0]["name"] == world.NAME
    assert {"accounts.Address", "accounts.Visit", "accounts.CustomerNote", "outbox.Mail"} <= set(
        found["data"]
    )
    for word in (world.NAME, world.LINE, world.PHONE, world.IP):
        assert word in text
    assert any(name.startswith("files/letter") for name in file.namelist())


def test_no_key_and_no_password_is_in_the_file(client):
    customer = world.zelda()

    file = BytesIO()
    exporting.write(
        file, exporting.person_of(PrivacyRequest(customer=customer)), now=timezone.now()
    )
    text = zipfile.ZipFile(file).read("everything.json").decode()

    user = customer.user
    assert user.password not in text
    assert "zelda-session" not in text
    assert "pm_zelda" not in text


def test_nobody_else_gets_the_file(client):
    customer = world.zelda()
    made = requests.ask_signed_in(
        customer=customer, kind="export", language="en-gb", now=timezone.now()
    )
    work()
    signed_in(client, member("bob@example.com"))

    assert client.get(f"/account/privacy/{made.number}/").status_code == 404


def test_the_file_can_be_fetched_for_a_week(client):
    customer = world.zelda()
    made = requests.ask_signed_in(
        customer=customer, kind="export", language="en-gb", now=timezone.now()
    )
    work()
    PrivacyRequest.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    signed_in(client, customer)

    assert client.get(f"/account/privacy/{made.number}/").status_code == 404


def test_asking_twice_is_asking_once(client):
    signed_in(client, member())

    client.post("/account/privacy/export/")
    client.post("/account/privacy/export/")

    assert PrivacyRequest.objects.count() == 1


def test_forgetting_signs_out_and_forgets(client):
    customer = world.zelda()
    signed_in(client, customer)

    answer = client.post("/account/privacy/erase/", follow=True)
    work()

    assert "forgetting you" in answer.content.decode()
    assert not get_user(client).is_authenticated
    assert Customer.objects.get().erased_at
    assert set(Order.objects.values_list("name", flat=True)) == {""}
    assert not Message.objects.filter(done_at=None, topic__startswith="privacy").exists()


def test_forgetting_asks_for_the_password_again(client):
    client.force_login(world.zelda().user)

    answer = client.get("/account/privacy/erase/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/reauthenticate/")


def test_an_open_order_stands_against_it_and_the_page_says_so(client):
    customer = world.zelda()
    order = world.open_order(customer)
    signed_in(client, customer)

    seen = client.get("/account/privacy/erase/").content.decode()
    answer = client.post("/account/privacy/erase/")

    assert f"Order {order.number} is still open." in seen
    assert answer.status_code == 409
    assert not PrivacyRequest.objects.exists()


def test_credit_stands_against_it(client):
    customer = world.zelda()
    store_credit("12.00", owner=customer)
    signed_in(client, customer)

    assert "£12.00 of credit" in client.get("/account/privacy/erase/").content.decode()


# Guests


def test_the_answer_is_the_same_for_any_address(client):
    world.zelda()

    known, stranger = ask(client, "export"), ask(client, "export", "nobody@example.com")

    clean = [
        re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())
        .replace(world.EMAIL, "x")
        .replace("nobody@example.com", "x")
        for answer in (known, stranger)
    ]
    assert clean[0] == clean[1]
    assert PrivacyRequest.objects.filter(state=State.ASKED).count() == 2


def test_nothing_happens_before_the_link_is_confirmed(client):
    world.zelda()

    ask(client, "erase")
    work()
    client.get(link_in_mail())
    work()

    assert Order.objects.filter(erased_at=None).count() == 2
    assert PrivacyRequest.objects.get().state == State.ASKED


def test_a_guest_gets_everything_by_the_mailed_link(client):
    world.finished(world.shipped_order(payment_method="bank_transfer", **world.PLACE))

    ask(client, "export")
    work()
    client.post(link_in_mail())
    work()
    page = client.get(link_in_mail()).content.decode()
    answer = client.get(f"{link_in_mail()}file/")

    assert "Fetch the file" in page
    assert json.loads(archive(answer).read("everything.json"))["about"] == [world.EMAIL]


def test_a_guest_is_forgotten_by_the_mailed_link(client):
    world.finished(world.shipped_order(payment_method="bank_transfer", **world.PLACE))

    ask(client, "erase")
    work()
    client.post(link_in_mail())
    work()

    assert Order.objects.get().email == ""
    assert not Mail.objects.filter(to=world.EMAIL).exists()
    assert PrivacyRequest.objects.get().email == ""


def test_a_guest_who_still_waits_for_something_is_told_by_mail(client):
    order = world.placed_order(payment_method="bank_transfer", **world.PLACE)

    ask(client, "erase")
    work()
    client.post(link_in_mail())
    work()

    assert f"Order {order.number} is still open." in mail.outbox[-1].body
    assert PrivacyRequest.objects.get().state == State.REFUSED


def test_a_link_holds_for_a_day(client):
    ask(client, "erase")
    work()
    PrivacyRequest.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert client.post(link_in_mail()).status_code == 410


def test_a_wrong_key_opens_nothing(client):
    ask(client, "erase")
    work()

    wrong = link_in_mail()[:-3] + "x/"

    assert client.get(wrong).status_code == 410
    assert client.get(f"{wrong}file/").status_code == 404


def test_what_staff_can_read_of_the_mail_holds_no_key(client):
    ask(client, "export")
    work()

    key = link_in_mail().rstrip("/").rpartition("/")[2]

    assert key not in Mail.objects.get().text
    assert key not in Mail.objects.get().html


def test_one_letter_box_is_not_flooded(client):
    answers = [ask(client, "export").status_code for _time in range(4)]

    assert answers == [200, 200, 200, 429]


def test_the_pages_are_kept_by_nobody(client):
    answer = client.get("/privacy/")

    assert "no-store" in answer["Cache-Control"]


def test_a_link_nobody_followed_is_closed_and_its_address_forgotten(client):
    ask(client, "export")

    requests.expire(now=timezone.now() + dt.timedelta(days=2))

    found = PrivacyRequest.objects.get()
    assert (found.state, found.email) == (State.EXPIRED, "")
