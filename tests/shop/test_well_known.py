"""Addresses that programs know by heart, and what browsers report."""

import json
import re

import pytest
from django.utils import timezone

from shop.lib import limits

pytestmark = pytest.mark.django_db
REPORT = {
    "csp-report": {
        "document-uri": "http://testserver/orders/10001/?t=secret-key",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js?mail=ada@example.com",
    }
}


@pytest.fixture(autouse=True)
def shop(demo_market):
    pass


def send(client, told, kind="application/csp-report"):
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return client.generic("POST", "/csp-report/", body, content_type=kind)


def test_whoever_finds_a_hole_is_told_where_to_write(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@shop.example"

    response = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert fields["Contact"] == "mailto:security@shop.example"
    assert f"{timezone.now():%Y-%m}" < fields["Expires"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", fields["Expires"])
    assert fields["Canonical"].endswith("/.well-known/security.txt")


def test_a_password_manager_finds_where_passwords_change(client):
    response = client.get("/.well-known/change-password")

    assert response.status_code == 302
    assert response["Location"].startswith("/account/password/")


def test_a_phone_can_put_the_shop_on_its_first_screen(client):
    card = client.get("/manifest.webmanifest").json()

    assert card["start_url"] == card["scope"] == "/"
    assert all(icon["src"].startswith("/static/") for icon in card["icons"])
    assert b'href="/manifest.webmanifest"' in client.get("/cart/").content


def test_a_broken_rule_is_written_down_without_whose_page_it_was(client, caplog):
    assert send(client, REPORT).status_code == 204

    record = next(one for one in caplog.records if one.getMessage() == "content policy broken")
    assert (record.event, record.path, record.topic) == (
        "script-src-elem",
        "orders/<str:number>/",
        "https://evil.example",
    )
    assert "secret-key" not in str(record.__dict__)
    assert "10001" not in str(record.__dict__)
    assert "ada@" not in str(record.__dict__)


def test_the_newer_way_of_writing_is_read_too(client, caplog):
    body = {"documentURL": "http://t/cart/", "effectiveDirective": "img-src", "blockedURL": "data"}

    send(client, [{"type": "csp-violation", "body": body}], "application/reports+json")

    record = next(one for one in caplog.records if one.getMessage() == "content policy broken")
    assert (record.event, record.path, record.topic) == ("img-src", "cart/", "data")


@pytest.mark.parametrize(
    "told",
    [b"", b"{", b"[" * 9000, b"\xff\xfe", b"null", b"[null, 1, {}]", b'{"csp-report": []}', b"7",
     b'{"csp-report": {"document-uri": "http://[", "blocked-uri": "http://[", "effective-directive": 7}}'],
)  # fmt: skip
def test_nothing_sent_there_breaks_it(client, told):
    assert send(client, told).status_code in (204, 400)


def test_long_and_frequent_reports_are_refused(client):
    assert send(client, b" " * 20_000).status_code == 413

    answers = [send(client, REPORT).status_code for _report in range(limits.REPORTS.here.tries)]

    assert answers[-1] == 429


def test_looking_at_the_reports_address_changes_nothing(client):
    assert client.get("/csp-report/").status_code == 405
