"""Tables that staff bring: stock and customers, all rows or none, and the same columns to take along."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Customer
from inventory.models import Location, StockItem, StockMovement
from tests.factories import in_stock, paid_order
from tests.factories.customers import CustomerFactory, GroupFactory
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
STOCK = "/admin/inventory/stockitem/"
CUSTOMERS = "/admin/accounts/customer/"


def bring(client, page, *lines):
    file = SimpleUploadedFile("rows.csv", "\n".join(lines).encode(), "text/csv")
    return client.post(f"{page}bring/", {"file": file})


def rows(client, page):
    text = b"".join(client.get(f"{page}rows.csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def place():
    return Location.objects.get().code


def test_stock_is_set_as_the_file_says(owner):
    one, other = in_stock(5), in_stock(7)

    answer = bring(
        owner, STOCK, "sku,location,on_hand", f"{one.sku},{place()},9", f"{other.sku},{place()},7"
    )

    assert answer.status_code == 302
    found = dict(StockItem.objects.values_list("variant__sku", "on_hand"))
    assert found == {one.sku: 9, other.sku: 7}
    movement = StockMovement.objects.latest("pk")
    assert (movement.on_hand_change, movement.actor.name) == (4, "Owner")
    assert movement.reason == "From a file"


def test_one_bad_row_and_no_stock_is_changed(owner):
    one = in_stock(5)
    here = place()

    answer = bring(
        owner,
        STOCK,
        "sku,location,on_hand",
        f"{one.sku},{here},9",
        f"{one.sku},{here},8",
        f"NOWHERE,{here},1",
        f"{one.sku},moon,1",
        f"{one.sku},{here},-3",
        f"{one.sku},{here},many",
    )

    assert answer.status_code == 422
    assert [problem.split(":")[0] for problem in answer.context["problems"]] == [
        f"Line {line}" for line in range(3, 8)
    ]
    assert StockItem.objects.get().on_hand == 5


def test_a_row_that_would_break_a_promise_is_refused_with_all_others(owner):
    free, sold = in_stock(5), in_stock(5)
    paid_order(variant=sold, quantity=3)

    answer = bring(
        owner, STOCK, "sku,location,on_hand", f"{free.sku},{place()},9", f"{sold.sku},{place()},1"
    )

    assert answer.status_code == 422
    assert answer.context["problems"][0].startswith("Line 3")
    assert StockItem.objects.get(variant=free).on_hand == 5


def test_people_of_one_location_bring_stock_of_no_other(client):
    variant = in_stock(5)
    far = Location.objects.create(code="far", name="Far", position=9)
    person = staff("warehouse")
    far.staff.add(person)
    client.force_login(person)

    answer = bring(client, STOCK, "sku,location,on_hand", f"{variant.sku},{place_of(variant)},9")

    assert answer.status_code == 422
    assert StockItem.objects.get(variant=variant).on_hand == 5


def place_of(variant):
    return StockItem.objects.get(variant=variant).location.code


def test_stock_taken_along_comes_back_unchanged(owner):
    variant = in_stock(5)
    paid_order(variant=variant, quantity=2)
    before = StockMovement.objects.count()
    (row, mark) = rows(owner, STOCK)
    assert (row["sku"], row["on_hand"], row["available"]) == (variant.sku, "5", "3")
    assert mark["sku"].startswith("# Exported by")

    text = b"".join(owner.get(f"{STOCK}rows.csv").streaming_content).decode()
    answer = bring(owner, STOCK, text)

    assert answer.status_code == 302
    assert StockMovement.objects.count() == before


@pytest.mark.parametrize("role", ["support", "marketing"])
def test_those_who_may_not_change_stock_bring_none(sign_in, role):
    variant = in_stock(5)

    answer = bring(sign_in(role), STOCK, "sku,location,on_hand", f"{variant.sku},{place()},9")

    assert answer.status_code == 403


def test_customers_are_made_and_changed_by_e_mail(owner):
    GroupFactory(code="trade")
    known = CustomerFactory(email="Bob@example.com", name="Bob", tags=["old"])

    answer = bring(
        owner,
        CUSTOMERS,
        "email,name,company,language,groups,tags",
        "bob@example.com,,Bob & Sons,de,trade,",
        "NEW@example.com,Nina,,,,vip",
    )

    assert answer.status_code == 302
    known.refresh_from_db()
    assert (known.name, known.company, known.language) == ("Bob", "Bob & Sons", "de")
    assert (known.tags, [group.code for group in known.groups.all()]) == (["old"], ["trade"])
    new = Customer.objects.get(email="new@example.com")
    assert (new.name, new.user, new.tags) == ("Nina", None, ["vip"])


def test_one_bad_customer_and_none_is_taken(owner):
    answer = bring(
        owner,
        CUSTOMERS,
        "email,name,language,groups",
        "good@example.com,Good,,",
        "no-address,Bad,,",
        "tongue@example.com,Bad,xx,",
        "group@example.com,Bad,,nobody",
    )

    assert answer.status_code == 422
    assert len(answer.context["problems"]) == 3
    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    "lines",
    [
        ["name", "Bob"],
        ["email", "a@example.com", "A@example.com"],
        ["email", '"never closed'],
        [""],
        ["email", *(f"c{one}@example.com" for one in range(2001))],
    ],
)
def test_files_that_make_no_sense_are_refused_whole(owner, lines):
    assert bring(owner, CUSTOMERS, *lines).status_code == 422
    assert not Customer.objects.exists()


def test_customers_taken_along_are_guarded_against_formulas_and_come_back(owner):
    one = CustomerFactory(email="x@example.com", name="=cmd|'/c calc'!A0", tags=["a", "b"])
    gone = CustomerFactory(email="gone@example.com", erased_at=timezone.now())

    (row, mark) = rows(owner, CUSTOMERS)
    assert row["name"].startswith("'=")
    assert gone.email not in str(row)
    assert mark["email"].startswith("# Exported by")
    text = b"".join(owner.get(f"{CUSTOMERS}rows.csv").streaming_content).decode()
    Customer.objects.filter(pk=one.pk).update(name="Other")

    assert bring(owner, CUSTOMERS, text).status_code == 302
    one.refresh_from_db()
    assert one.name == "=cmd|'/c calc'!A0"


@pytest.mark.parametrize("role", ["warehouse", "catalogue", "marketing"])
def test_people_are_not_taken_along_by_those_who_may_not(sign_in, role):
    client = sign_in(role)

    assert client.get(f"{CUSTOMERS}rows.csv").status_code == 403
    assert bring(client, CUSTOMERS, "email", "a@example.com").status_code == 403
