"""Links to files: looked at for nothing, fetched so often and so long, and then no more."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from orders.models import Download, Order
from shop.views.files import PUBLIC_FOLDERS
from tests.factories import paid_order
from tests.factories.specials import file_variant

CONTENT = b"%PDF-1.7 a pattern"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def download(db):
    paid_order(variant=file_variant(CONTENT, downloads=2))
    return Download.objects.get()


def url(download):
    return f"/downloads/{download.token}/"


def fetch(download, client):
    """The answer and its content; read to the end, so that the file is closed."""
    answer = client.post(url(download))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer, content


def used():
    return Download.objects.values_list("used", flat=True).get()


def test_looking_costs_nothing(client, download):
    for ask in (client.get, client.head, client.get):
        assert ask(url(download)).status_code == 200

    assert used() == 0


def test_the_page_tells_what_is_left_and_has_a_button(client, download):
    html = client.get(url(download)).content.decode()

    assert "2 downloads left" in html
    assert '<form method="post">' in html
    assert "noindex" in html


def test_the_button_fetches_the_file_and_counts(client, download):
    answer, content = fetch(download, client)

    assert content == CONTENT
    assert used() == 1
    assert "attachment" in answer["Content-Disposition"]
    assert "Bowl_pattern.pdf" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]


def test_another_site_can_not_press_the_button(download):
    answer = Client(enforce_csrf_checks=True).post(url(download))

    assert answer.status_code == 403
    assert used() == 0


def test_used_up_says_so(client, download):
    for _ in range(2):
        fetch(download, client)

    for answer in (client.get(url(download)), client.post(url(download))):
        assert answer.status_code == 410
        assert "as often as it may be" in answer.content.decode()
    assert used() == 2


def test_run_out_says_so(client, download):
    Download.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    for answer in (client.get(url(download)), client.post(url(download))):
        assert answer.status_code == 410
        assert "run out" in answer.content.decode()
    assert used() == 0


@pytest.mark.parametrize(
    "state",
    [
        {"status": Order.Status.CANCELED},
        {"payment_status": Order.Payment.REFUNDED},
        {"payment_status": Order.Payment.PENDING},
    ],
)
def test_an_order_that_was_called_off_or_paid_back_opens_nothing(client, download, state):
    Order.objects.update(**state)

    for answer in (client.get(url(download)), client.post(url(download))):
        assert answer.status_code == 403
        assert "paid back" in answer.content.decode()
    assert used() == 0
    order = Order.objects.get()
    assert url(download) not in client.get(order.get_absolute_url()).content.decode()


@pytest.mark.parametrize("token", ["x", "x" * 400, "%00", "é", "..%2f..%2fetc"])
def test_a_guessed_link_is_not_found(client, demo_market, token):
    assert client.get(f"/downloads/{token}/").status_code in (400, 404)


def test_a_file_that_is_missing_is_not_counted(client, download):
    download.file.file.storage.delete(download.file.file.name)

    assert client.post(url(download)).status_code == 404
    assert used() == 0


def test_the_file_is_not_among_public_media(client, download):
    assert download.file.file.name.startswith("private/")
    for path in (download.file.file.name, f"products/../{download.file.file.name}"):
        assert client.get(f"/media/{path}").status_code == 404


def test_the_proxy_serves_the_public_folders_and_no_others():
    config = (settings.BASE_DIR / "docs/deploy/Caddyfile").read_text()

    [served] = re.findall(r"@pictures \{\n\s+path (.+)\n", config)

    assert set(served.split()) == {f"/media/{folder}*" for folder in PUBLIC_FOLDERS}
    assert config.count("/media") == len(PUBLIC_FOLDERS)


def test_the_orders_page_lists_links_with_what_is_left(client, download):
    order = Order.objects.get()
    fetch(download, client)

    html = client.get(order.get_absolute_url()).content.decode()

    assert url(download) in html
    assert "1 download left, until" in html
    assert "Your order is complete" in html
    assert "Posted" not in html


def test_a_link_that_is_used_up_is_told_without_a_link(client, download):
    Download.objects.update(used=2)

    html = client.get(Order.objects.get().get_absolute_url()).content.decode()

    assert url(download) not in html
    assert "Bowl pattern" in html


@pytest.mark.django_db(transaction=True)
def test_no_more_than_allowed_however_many_ask_at_once():
    paid_order(variant=file_variant(CONTENT, downloads=3))
    download = Download.objects.get()
    barrier = Barrier(8)

    def ask(_number):
        try:
            barrier.wait(timeout=20)
            answer, _content = fetch(download, Client())
            return answer.status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        codes = sorted(pool.map(ask, range(8)))

    assert codes == [200] * 3 + [410] * 5
    assert used() == 3
