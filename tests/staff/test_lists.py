"""Staff's lists and sidebar are what unfold would write, for less."""

import pytest
from django.contrib import admin
from unfold.sites import UnfoldAdminSite
from unfold.templatetags import unfold_list

from shop.templatetags import shop_lists
from tests.factories import CategoryFactory, in_stock, paid_order, placed_order

pytestmark = pytest.mark.django_db
ORDERS = "/admin/orders/order/"
LISTS = [
    ORDERS,
    f"{ORDERS}?o=1.-2&status__exact=confirmed",
    f"{ORDERS}?_popup=1&_to_field=id",
    "/admin/catalog/product/",
    "/admin/catalog/category/",
    "/admin/catalog/price/",
    "/admin/inventory/stockitem/",
    "/admin/inventory/stockmovement/",
    "/admin/payments/payment/",
    "/admin/outbox/message/",
    "/admin/accounts/user/",
]


@pytest.fixture
def goods():
    CategoryFactory(name="Mugs <& cups>")
    variant = in_stock(9)
    placed_order(variant=variant, email="a&b@example.com")
    paid_order(variant=variant)


@pytest.mark.parametrize("address", LISTS)
def test_rows_are_those_that_unfold_writes(owner, goods, address):
    answer = owner.get(address)
    cl = answer.context_data["cl"]
    headers = list(unfold_list.result_headers(cl))

    ours = [list(map(str, row)) for row in shop_lists.rows(cl, headers)]

    assert ours
    assert ours == [list(map(str, row)) for row in unfold_list.results(cl)]


def test_headings_are_worked_out_once_however_long_the_list(owner, goods, monkeypatch):
    work_out, calls = unfold_list.result_headers, []
    monkeypatch.setattr(
        unfold_list, "result_headers", lambda cl: calls.append(cl) or list(work_out(cl))
    )

    owner.get(ORDERS)

    assert len(calls) == 1


@pytest.mark.parametrize("address", ["/admin/", ORDERS, "/admin/catalog/product/"])
def test_the_sidebar_says_where_one_is_as_unfold_does(owner, goods, address):
    request = owner.get(address).wsgi_request
    entries = [
        [(one["link"], one["active"], one["has_permission"]) for one in group["items"]]
        for find in (admin.site.get_sidebar_list, _unfolds)
        for group in find(request)
    ]

    half = len(entries) // 2
    assert entries[:half] == entries[half:]
    assert any(is_active for group in entries for _link, is_active, _may in group)


def _unfolds(request):
    return UnfoldAdminSite.get_sidebar_list(admin.site, request)
