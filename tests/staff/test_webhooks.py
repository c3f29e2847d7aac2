"""Staff set up webhooks, see what was sent, and send it again. A secret is shown once."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.utils import timezone

from channels.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from shop.lib.secrets import unseal
from tests.channels.listening import SECRET, endpoint, happen
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/channels/webhookendpoint/"
LOG = "/admin/channels/webhookdelivery/"
FORM = {
    "name": "Till",
    "url": "https://till.example/hook",
    "topics": ["order.*", "stock.changed"],
    "is_active": "on",
}
SHOWN = re.compile(r"whsec_[\w-]{43}")


def add(client, **fields):
    return client.post(f"{LIST}add/", {**FORM, **fields})


def test_a_new_endpoint_shows_its_secret_once(owner):
    page = add(owner)

    (one,) = WebhookEndpoint.objects.all()
    assert SHOWN.findall(page.text) == [one.secret]
    assert one.topics == ["order.*", "stock.changed"]
    assert one.created_by.name == "Owner"
    assert "no-store" in page["Cache-Control"]
    assert one.secret not in owner.get(f"{LIST}{one.pk}/change/").text
    assert one.secret not in owner.get(LIST).text
    assert "whsec_" not in str(page.cookies)


def test_a_secret_lies_sealed_in_its_table(owner):
    add(owner)

    with connection.cursor() as cursor:
        cursor.execute("select secret from channels_webhookendpoint")
        (kept,) = cursor.fetchone()
    assert "whsec_" not in kept
    assert unseal(kept) == WebhookEndpoint.objects.get().secret


@pytest.mark.parametrize(
    "url",
    [
        "http://till.example/hook",
        "https://localhost/hook",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest/",
        "https://[::1]/hook",
        "https://2130706433/hook",
        "https://user:word@till.example/hook",
        "https://till.example:8443/hook",
        "ftp://till.example/hook",
    ],
)
def test_addresses_that_are_never_asked_are_refused_at_once(owner, url):
    page = add(owner, url=url)

    assert "errornote" in page.text or page.context["errors"]
    assert not WebhookEndpoint.objects.exists()


def test_a_new_secret_signs_beside_the_old_one_until_that_is_ended(owner):
    one = endpoint()
    page = f"{LIST}{one.pk}/secret/"
    assert SECRET not in owner.get(page).text

    shown = SHOWN.findall(owner.post(page, {"rotate": ""}).text)

    one.refresh_from_db()
    assert shown == [one.secret]
    assert one.old_secret == SECRET
    owner.post(page, {"finish": ""})
    one.refresh_from_db()
    assert (shown, one.old_secret) == ([one.secret], "")


def test_looking_at_the_page_of_the_secret_changes_nothing(owner):
    one = endpoint()

    owner.get(f"{LIST}{one.pk}/secret/")

    one.refresh_from_db()
    assert one.secret == SECRET


def test_a_test_is_sent_whatever_the_endpoint_is_told_of(owner):
    one = endpoint("https://till.example", "stock.changed", closed_until=timezone.now())

    owner.post(LIST, {"action": "ping", "_selected_action": [one.pk]})

    row = WebhookDelivery.objects.get()
    assert (row.endpoint, row.event.topic) == (one, "ping")
    one.refresh_from_db()
    assert one.closed_until is None


def test_nothing_is_sent_to_an_endpoint_that_is_off(owner):
    one = endpoint(is_active=False)

    page = owner.post(LIST, {"action": "ping", "_selected_action": [one.pk]}, follow=True)

    assert "switch it on first" in page.text
    assert not WebhookEvent.objects.exists()


def test_what_was_sent_is_sent_again_with_the_same_id(owner):
    endpoint()
    event = happen()
    first = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(state="delivered", done_at=timezone.now())

    for _click in range(2):
        owner.post(LOG, {"action": "send_again", "_selected_action": [first.pk]})

    rows = WebhookDelivery.objects.filter(is_replay=True)
    assert {row.event for row in rows} == {event}
    assert {row.state for row in rows} == {"waiting"}
    assert rows.count() == 2


def test_what_waits_anyway_is_sent_at_once_and_not_twice(owner):
    endpoint()
    happen()
    later = timezone.now() + dt.timedelta(hours=3)
    WebhookDelivery.objects.update(due_at=later, tries=4)
    row = WebhookDelivery.objects.get()

    owner.post(LOG, {"action": "send_again", "_selected_action": [row.pk]})

    (row,) = WebhookDelivery.objects.all()
    assert row.due_at <= timezone.now()


def test_the_log_tells_what_was_answered_and_the_event_what_was_told(owner):
    endpoint()
    event = happen(name="Alice Byron")
    WebhookDelivery.objects.update(status=500, answer="Alice Byron is unknown")
    row = WebhookDelivery.objects.get()

    assert "order.paid" in owner.get(LOG).text
    assert "Alice Byron is unknown" in owner.get(f"{LOG}{row.pk}/change/").text
    assert "Alice Byron" in owner.get(f"/admin/channels/webhookevent/{event.pk}/change/").text


@pytest.mark.parametrize("role", ["warehouse", "support", "catalogue", "marketing"])
def test_others_neither_see_nor_set_up_webhooks(client, role):
    one = endpoint()
    client.force_login(staff(role))

    pages = [LIST, LOG, "/admin/channels/webhookevent/", f"{LIST}{one.pk}/secret/"]

    assert {client.get(page).status_code for page in pages} == {403}
    assert client.post(pages[-1], {"rotate": ""}).status_code == 403
    one.refresh_from_db()
    assert one.secret == SECRET
