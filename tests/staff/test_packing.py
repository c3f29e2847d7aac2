"""What a packer has to know: the parts of bundles, the words to engrave, the picture to print."""

import pytest
from django.urls import reverse

from catalog.models import Extra
from orders.models import Cart, Upload
from shop.processes import checkout
from tests.factories import RateFactory, checkout_of, in_stock, paid_order
from tests.factories.people import UserFactory
from tests.factories.specials import bundle_of, extra_of, file_variant
from tests.orders.test_cart import NOW, add
from tests.orders.test_extras import picture, said

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _market(demo_market, settings, tmp_path):
    RateFactory()
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def order(client):
    """An engraved mug with a printed picture."""
    variant = in_stock(5)
    words, photo = extra_of(variant), extra_of(variant, "Photo", kind=Extra.Kind.FILE)
    add(client, variant, extras=said(words, "<b>Anna</b>") | said(photo, picture()))
    cart = Cart.objects.get()
    order = checkout.place_order(cart=cart, choice=checkout_of("bank_transfer"), now=NOW)
    return checkout.mark_paid(order_id=order.pk, actor=None, reference="7", now=NOW)


def page(browser, order):
    return browser.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()


def upload_url():
    return reverse("admin:orders_order_upload", args=[Upload.objects.get().key])


def shipment(browser, order):
    url = reverse("admin:orders_order_step", args=["shipment"])
    return browser.get(f"{url}?order={order.pk}").content.decode()


def test_the_orders_page_names_the_extras(order, owner):
    html = page(owner, order)

    assert "Engraving: &lt;b&gt;Anna&lt;/b&gt;" in html
    assert upload_url() in html


def test_the_packing_step_names_the_extras(order, owner):
    html = shipment(owner, order)

    assert "Engraving: &lt;b&gt;Anna&lt;/b&gt;." in html


def test_the_packing_step_names_the_parts_to_pick(owner):
    cup = in_stock(9)
    order = paid_order(variant=bundle_of({cup: 4}))

    for html in (page(owner, order), shipment(owner, order)):
        assert f"4 × {cup.sku} {cup.product.title}" in html or (
            f"4 × {cup.product.title}" in html and cup.sku in html
        )


def test_files_are_not_offered_for_packing(owner):
    order = paid_order(variant=in_stock(5))
    variant = file_variant()
    line = order.lines.get()
    line.pk, line.variant, line.sku, line.is_shipped = None, variant, variant.sku, False
    line.holder = Upload._meta.get_field("key").default()
    line.save(force_insert=True)

    assert variant.sku not in shipment(owner, order)


def test_staff_see_the_picture(order, owner):
    answer = owner.get(upload_url())

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"


def test_nobody_else_sees_the_picture(order, client):
    assert client.get(upload_url()).status_code == 302
    client.force_login(UserFactory())
    assert client.get(upload_url()).status_code == 302
    client.force_login(UserFactory(is_staff=True))
    assert client.get(upload_url()).status_code == 403


def test_a_picture_of_a_mere_basket_is_nobodys_business(client, owner):
    variant = in_stock(5)
    photo = extra_of(variant, "Photo", kind=Extra.Kind.FILE)
    add(client, variant, extras=said(photo, picture()))

    assert owner.get(upload_url()).status_code == 404
