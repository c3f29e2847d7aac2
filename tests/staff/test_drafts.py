"""Staff put an order together for somebody on the phone."""

import pytest

from orders.models import Draft, Order
from tests.factories import PriceFactory, RateFactory, TaxRateFactory, in_stock, stock_of
from tests.factories.people import staff

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/admin/orders/draft/add/"


@pytest.fixture
def mug():
    price = PriceFactory()
    in_stock(5, variant=price.variant)
    TaxRateFactory()
    RateFactory()
    return price


def _filled(price, *lines, **fields):
    rows = {
        f"lines-{place}-{name}": value
        for place, line in enumerate(lines or [(price.variant.sku, "2", "")])
        for name, value in zip(("sku", "quantity", "price"), line, strict=True)
    }
    return {
        "lines-TOTAL_FORMS": "6",
        "lines-INITIAL_FORMS": "0",
        "market": price.market.code,
        "channel": "phone",
        "email": "ada@example.com",
        "name": "Ada Byron",
        "line1": "12 Analytical Row",
        "city": "London",
        "postcode": "n1 9gu",
        "country": "GB",
        "shipping_method": "tracked-48",
        "payment_method": "bank_transfer",
        "do": "save",
        **rows,
        **fields,
    }


def test_working_it_out_shows_the_sum_and_keeps_nothing(owner, mug):
    page = owner.post(NEW, _filled(mug, do="work"))

    assert "47.90" in page.text
    assert not Draft.objects.exists()


def test_a_kept_draft_opens_as_it_was(owner, mug):
    answer = owner.post(NEW, _filled(mug, (mug.variant.sku, "3", "20.00")))

    page = owner.get(answer["Location"])
    assert 'value="20.000"' in page.text
    assert Draft.objects.get().order.name == "Ada Byron"


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(owner, mug):
    page = owner.post(NEW, _filled(mug, ("NO-SUCH", "1", ""), reference="PO 77"))

    assert page.status_code == 422
    assert "NO-SUCH is not one of ours" in page.text
    assert 'value="PO 77"' in page.text


def test_a_postcode_is_read_as_it_is_written_there(owner, mug):
    page = owner.post(NEW, _filled(mug, postcode="N1"))

    assert page.status_code == 422
    assert not Draft.objects.exists()


def test_more_rows_keep_what_was_typed(owner, mug):
    page = owner.post(NEW, _filled(mug, do="rows"))

    assert page.status_code == 200
    assert 'name="lines-11-sku"' in page.text
    assert mug.variant.sku in page.text


def test_ordered_at_once_it_is_an_order(owner, mug):
    answer = owner.post(NEW, _filled(mug, do="accept"))

    order = Order.objects.get()
    assert answer["Location"] == f"/admin/orders/order/{order.pk}/change/"
    assert order.status == Order.Status.PENDING
    assert order.channel == "phone"


def test_paid_and_taken_along_it_is_done_with(owner, mug):
    owner.post(NEW, _filled(mug, do="take", channel="counter", email="", shipping_method=""))

    assert Order.objects.get().status == Order.Status.COMPLETED
    assert stock_of(mug.variant) == (3, 0)


def test_a_draft_can_be_thrown_away(owner, mug):
    owner.post(NEW, _filled(mug))
    draft = Draft.objects.get()

    owner.post(f"/admin/orders/draft/{draft.pk}/removal/")

    assert Order.objects.get().status == Order.Status.CANCELED


def test_whoever_may_not_enter_orders_sees_no_form(client, mug):
    client.force_login(staff("warehouse"))

    assert client.get(NEW).status_code == 403
    assert client.post(NEW, _filled(mug)).status_code == 403


def test_support_may_enter_orders(client, mug):
    client.force_login(staff("support"))

    assert client.get(NEW).status_code == 200


def test_the_list_finds_a_draft_by_its_buyer(owner, mug):
    owner.post(NEW, _filled(mug))

    assert "Ada Byron" in owner.get("/admin/orders/draft/?q=ada@example.com&state=open").text
