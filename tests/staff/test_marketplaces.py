"""Staff bring a marketplace's file, and try again what was refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from channels.models import ImportedOrder, Marketplace, OrderImport
from orders.models import Order
from shop.processes import marketplaces
from tests.factories import PriceFactory, RateFactory, TaxRateFactory, in_stock
from tests.factories.people import staff

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "/admin/channels/orderimport/upload/"
HEAD = "reference,name,line1,city,postcode,country,sku,quantity,price"


@pytest.fixture
def bazaar():
    price = PriceFactory()
    TaxRateFactory()
    RateFactory()
    return Marketplace.objects.create(
        code="bazaar", name="Bazaar", market=price.market, skus={"BZ-1": price.variant.sku}
    )


def _upload(client, bazaar, text=f"{HEAD}\n7,Ada,1 Row,London,N1 9GU,GB,BZ-1,1,20"):
    file = SimpleUploadedFile("orders.csv", text.encode())
    return client.post(UPLOAD, {"marketplace": bazaar.pk, "file": file})


def test_a_file_is_kept_and_read_by_a_worker(owner, bazaar):
    answer = _upload(owner, bazaar)

    assert answer.status_code == 302
    run = OrderImport.objects.get()
    assert (run.name, run.total) == ("orders.csv", 0)


def test_without_a_file_the_form_says_so(owner, bazaar):
    assert owner.post(UPLOAD, {"marketplace": bazaar.pk}).status_code == 422


def test_whoever_may_not_enter_orders_may_bring_no_file(client, bazaar):
    client.force_login(staff("warehouse"))

    assert _upload(client, bazaar).status_code == 403


def test_the_list_leads_to_what_was_refused_which_can_be_tried_again(owner, bazaar):
    _upload(owner, bazaar)
    run = marketplaces.work(run_id=OrderImport.objects.get().pk, now=timezone.now())
    row = ImportedOrder.objects.get()
    assert run.refused == 1
    assert "state=refused" in owner.get("/admin/channels/orderimport/").text
    in_stock(5, variant=PriceFactory._meta.model.objects.get().variant)

    owner.post(
        "/admin/channels/importedorder/", {"action": "try_again", "_selected_action": [row.pk]}
    )

    assert Order.objects.get().reference == "7"
