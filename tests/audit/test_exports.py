"""Whatever leaves the shop as a file says who took it, and the log says so, too."""

import io

import pytest
from openpyxl import load_workbook

from accounts.models import User
from shop.audit.models import Entry
from tests.factories import ProductFactory, VariantFactory
from tests.factories.customers import CustomerFactory
from tests.factories.people import staff
from tests.staff.round_trip.lists import LIST as PRODUCTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client, demo_market):
    person = staff("owner")
    User.objects.filter(pk=person.pk).update(email="alice@example.com")
    client.force_login(person)
    return person


def last_line(answer):
    return answer.getvalue().decode().splitlines()[-1]


def test_a_list_of_people_is_counted_and_marked(client, alice):
    for _number in range(3):
        CustomerFactory()

    answer = client.get("/admin/accounts/customer/list.csv", REMOTE_ADDR="192.0.2.7")

    assert last_line(answer).startswith("# Exported by alice@example.com on 20")
    entry = Entry.objects.get(kind=Entry.Kind.EXPORT)
    assert (entry.actor, entry.address, entry.count) == (alice, "192.0.2.7", 3)
    assert entry.act.startswith("customer-")
    assert entry.path == "/admin/accounts/customer/list.csv"


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard/days.csv",
        "/dashboard/orders.csv",
        "/dashboard/returns.csv",
        "/dashboard/carriers.csv",
        "/dashboard/tax/charged.csv",
        "/dashboard/books/journal.csv",
        "/dashboard/books/accounts.csv",
        "/dashboard/stock/reports/cover.csv",
        "/admin/inventory/stockitem/list.csv",
        "/admin/outbox/mail/list.csv",
        "/admin/audit/entry/list.csv",
        f"{PRODUCTS}export/csv/",
    ],
)
def test_every_kind_of_file_is_marked(client, alice, path):
    answer = client.get(path)

    assert answer.status_code == 200
    assert last_line(answer).startswith("# Exported by alice@example.com on 20")
    assert Entry.objects.filter(kind=Entry.Kind.EXPORT, path=path).count() == 1


def test_a_workbook_is_marked_in_its_last_row(client, alice):
    VariantFactory(product=ProductFactory())

    answer = client.get(f"{PRODUCTS}export/xlsx/")

    *_rows, last = load_workbook(io.BytesIO(answer.getvalue())).active.iter_rows(values_only=True)
    assert last[0].startswith("# Exported by alice@example.com on 20")


def test_a_name_that_would_be_a_formula_stays_words(client, alice):
    User.objects.filter(pk=alice.pk).update(email="=cmd@example.com")

    answer = client.get("/admin/accounts/customer/list.csv")

    assert last_line(answer).startswith("# Exported by =cmd@")


def test_a_file_that_is_refused_is_not_on_record(client, demo_market):
    client.force_login(staff("warehouse"))

    client.get("/admin/accounts/customer/list.csv")

    assert not Entry.objects.filter(kind=Entry.Kind.EXPORT).exists()
