"""Bills in the admin: entered, brought as a file, undone; and who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from payments.models import Expense, LedgerAccount, Reconciliation
from payments.services.books.chart import account
from payments.services.books.roles import Role
from tests.analytics.books import NOW
from tests.factories import MarketFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
LIST = "/admin/payments/expense/"
HEAD = "date,supplier,reference,category,net,tax"


@pytest.fixture(autouse=True)
def _market():
    MarketFactory()
    account(Role.BANK)


@pytest.fixture
def manager(client):
    client.force_login(staff("manager"))
    return client


def bill(**fields):
    facts = {"on": "2026-11-02", "supplier": "Harbour Lofts", "reference": "R-11"}
    money = {"category": "6200", "paid_from": "1000", "currency": "GBP", "net": "500", "tax": "100"}
    return facts | money | fields


def bring(client, *lines):
    file = SimpleUploadedFile("bills.csv", "\n".join((HEAD, *lines)).encode())
    return client.post(f"{LIST}import/", {"file": file})


def test_a_bill_is_entered_and_undone(manager):
    manager.post(f"{LIST}enter/", bill())
    found = Expense.objects.get()

    manager.post(f"{LIST}{found.pk}/undo/", {"reason": "Not ours"})

    assert found.gross == 600
    assert found.entry.reversed_by.memo == "Not ours"
    assert "Undone" in manager.get(LIST).content.decode()
    assert manager.get(f"{LIST}{found.pk}/change/").status_code == 200


@pytest.mark.parametrize("fields", [{"net": "1.234"}, {"category": "1000"}, {"on": "2030-01-01"}])
def test_a_wrong_bill_is_asked_again(manager, fields):
    answer = manager.post(f"{LIST}enter/", bill(**fields))

    assert answer.status_code == 200
    assert not Expense.objects.exists()


def test_the_same_bill_is_not_entered_twice(manager):
    manager.post(f"{LIST}enter/", bill())

    answer = manager.post(f"{LIST}enter/", bill())

    assert "in the books already" in answer.content.decode()
    assert Expense.objects.count() == 1


def test_a_file_is_looked_over_then_booked_once(manager):
    lines = ("2026-11-02,Clay,1,6900,80,16", "2026-11-03,Clay,2,6900,5,")
    preview = bring(manager, *lines)["Location"]

    looked = manager.get(preview)
    before = Expense.objects.count()
    manager.post(preview)
    again = manager.get(bring(manager, *lines)["Location"])

    assert "Book 2 new of 2 lines" in looked.content.decode()
    assert (before, Expense.objects.count()) == (0, 2)
    assert "Book" not in again.context["title"]
    assert again.context["new"] == 0


def test_a_file_with_a_wrong_line_can_not_be_booked(manager):
    preview = bring(manager, "2026-11-02,Clay,1,6900,80,16", "soon,Clay,2,6900,5,")["Location"]

    looked = manager.get(preview)
    manager.post(preview)

    assert "1 line is wrong" in looked.content.decode()
    assert not Expense.objects.exists()


def test_a_file_that_is_no_table_is_told(manager):
    answer = manager.get(bring(manager)["Location"])
    shop = SimpleUploadedFile("x.csv", b"\x00\x01")
    strange = manager.post(f"{LIST}import/", {"file": shop})

    assert answer.status_code == 200
    assert manager.get(strange["Location"], follow=True).status_code == 200


@pytest.mark.parametrize("path", ["", "enter/", "import/", "1/undo/"])
def test_bills_are_for_those_who_keep_the_books(client, path):
    client.force_login(staff("support"))

    assert client.get(LIST + path).status_code in (403, 404)


def test_accounts_are_renamed_but_keep_what_they_are_for(manager):
    bank = account(Role.BANK)
    page = reverse("admin:payments_ledgeraccount_change", args=[bank.pk])

    manager.post(page, {"code": "1001", "name": "Main bank", "role": "", "kind": "expense"})

    bank.refresh_from_db()
    assert (bank.code, bank.name, bank.role, bank.kind) == ("1001", "Main bank", "bank", "asset")
    assert account(Role.BANK) == bank


def test_accounts_are_added(manager):
    manager.post(
        reverse("admin:payments_ledgeraccount_add"),
        {"code": "6600", "name": "Kiln repairs", "kind": "expense", "is_active": "on"},
    )

    assert LedgerAccount.objects.get(code="6600").role is None


def test_a_broken_promise_waits_in_the_work_queue(manager):
    finding = {"name": "stock.movements", "level": "broken", "rule": "It adds up.", "count": 1}
    Reconciliation.objects.create(
        day=NOW.date(), ran_at=NOW, promises=40, findings=[finding | {"examples": [{"a": 1}]}]
    )

    queue = manager.get("/admin/").content.decode()
    checks = manager.get("/dashboard/books/checks/").content.decode()

    assert "Promises broken" in queue
    assert "/dashboard/books/checks/" in queue
    assert "It adds up." in checks
    assert "1 promise did not hold" in manager.get("/dashboard/books/").content.decode()
