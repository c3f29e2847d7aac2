"""What every page says about itself to browsers: a table of addresses and headers."""

import pytest
from django.conf import settings
from django.urls import reverse

from shop.lib import limits
from tests.factories import CartLineFactory, RateFactory
from tests.factories.documents import written_order
from tests.factories.people import staff
from tests.factories.shelf import article, product_with, shelve

pytestmark = pytest.mark.django_db
PUBLIC = ["/", "/c/mugs/", "/p/mug/", "/search/?q=teapot", "/help/", "/contact/", "/collections/"]
PRIVATE = ["/cart/", "/checkout/", "/orders/lookup/", "/withdraw/", "/wishlist/", "/gift-cards/",
           "/account/", "/account/login/", "/orders/1/", "/nothing/here/", "/alerts/"]  # fmt: skip
STAFF = ["/admin/", "/admin/orders/order/", "/dashboard/", "/stockroom/"]
EVERY_PAGE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What other sites are told of an address with a key in it: at most our name.
STINGY = ("strict-origin-when-cross-origin", "same-origin", "no-referrer")
SHUT = ["default-src 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"]


@pytest.fixture(autouse=True)
def shop(demo_market):
    RateFactory()
    article("Delivery")
    product_with(slug="mug", title="Mug")
    shelve()


def rules(response):
    parts = response["Content-Security-Policy"].split(";")
    return {part.split()[0]: part.split()[1:] for part in parts if part.strip()}


def assert_headers(response, address):
    for name, value in EVERY_PAGE.items():
        assert response.get(name) == value, (address, name)
    assert response["Referrer-Policy"] in STINGY, address
    for one in SHUT:
        assert one in response["Content-Security-Policy"], (address, one)
    assert "camera=()" in response["Permissions-Policy"]
    assert "Server" not in response
    assert "X-Powered-By" not in response


@pytest.mark.parametrize("address", [*PUBLIC, *PRIVATE])
def test_a_shoppers_page_runs_nothing_but_our_files(client, address):
    response = client.get(address)

    assert_headers(response, address)
    found = rules(response)
    assert found["script-src"] == found["style-src"] == ["'self'"], address
    assert "unsafe" not in response["Content-Security-Policy"]
    assert found["report-uri"] == ["/csp-report/"]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_page_sets_no_cookie_and_may_be_kept(client, address):
    response = client.get(address)

    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"].startswith("public"), address


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_page_is_kept_by_nobody(client, address):
    CartLineFactory()

    assert "no-store" in client.get(address)["Cache-Control"]


def test_an_order_is_kept_by_nobody(client):
    order = written_order()

    for address in (order.get_absolute_url(), reverse("orders:order", args=[order.number])):
        assert "no-store" in client.get(address)["Cache-Control"], address


@pytest.mark.parametrize("address", STAFF)
def test_a_page_of_staff_is_kept_by_nobody_and_framed_by_nobody(client, address):
    client.force_login(staff("owner"))

    response = client.get(address, follow=True)

    assert_headers(response, address)
    assert "no-store" in response["Cache-Control"]


def test_only_the_admin_may_relax_its_rules(client):
    client.force_login(staff("owner"))

    admin, dashboard = rules(client.get("/admin/")), rules(client.get("/dashboard/"))

    assert "'unsafe-eval'" in admin["script-src"]
    assert "'unsafe-inline'" not in admin["script-src"]
    assert dashboard["script-src"] == ["'self'"]


def test_a_refusal_wears_the_same_headers(client):
    for _search in range(limits.SEARCH.here.tries + 1):
        response = client.get("/search/", {"q": f"mug {_search}"})

    assert response.status_code == 429
    assert_headers(response, "429")


def test_under_https_browsers_are_told_to_stay_there():
    """The tests run without TLS; what production sends is settled by SITE_URL alone."""
    assert settings.HTTPS is settings.SESSION_COOKIE_SECURE is settings.CSRF_COOKIE_SECURE
    assert (settings.SECURE_HSTS_SECONDS >= 31_536_000) is settings.HTTPS
    assert settings.SECURE_SSL_REDIRECT is settings.SECURE_HSTS_INCLUDE_SUBDOMAINS is settings.HTTPS


def test_no_other_site_is_let_in(client):
    response = client.get("/", headers={"origin": "https://evil.example"})

    assert not [name for name in response.headers if name.startswith("Access-Control")]
