import pytest
from django.utils import timezone

from accounts.models import Customer
from channels.models import ApiCall
from tests.factories.customers import CustomerFactory, GroupFactory, member

pytestmark = pytest.mark.django_db
BOB = {"email": "Bob@Example.com", "name": "Bob Shaw", "tags": ["Trade", "trade ", ""]}


def test_tells_who_a_customer_is(calling):
    alice = CustomerFactory(email="alice@example.com", groups=[GroupFactory()])

    told = calling("customers:read").get(f"/customers/{alice.pk}").json()

    assert (told["email"], told["groups"]) == ("alice@example.com", ["trade"])
    assert told["signs_in"] is False


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("email=ALICE@example.com", 1),
        ("email=nobody@example.com", 0),
        ("created_since=2999-01-01T00:00:00Z", 0),
        ("limit=200", 2),
    ],
)
def test_finds_customers(calling, query, count):
    CustomerFactory(email="alice@example.com")
    CustomerFactory()

    assert len(calling().get(f"/customers?{query}").json()["data"]) == count


def test_adds_a_customer_once(calling):
    caller = calling("customers:write")

    answers = [caller.post("/customers", BOB, key="bob") for _try in range(2)]

    bob = Customer.objects.get()
    assert [answer.json() for answer in answers] == [{"id": bob.pk}] * 2
    assert (bob.email, bob.name, bob.tags) == ("bob@example.com", "Bob Shaw", ["trade"])


def test_keeps_nothing_of_a_person_beside_the_idempotency_key(calling):
    calling().post("/customers", BOB, key="call-of-today")

    kept = str(ApiCall.objects.values().get()).lower()

    assert "bob" not in kept
    assert "shaw" not in kept


def test_adds_nobody_twice_by_the_same_address(calling):
    CustomerFactory(email="bob@example.com")

    answer = calling().post("/customers", BOB)

    assert answer.status_code == 409
    assert Customer.objects.count() == 1


@pytest.mark.parametrize(
    "part",
    [
        {"email": "bob"},
        {"email": "bob@example..com"},
        {"email": None},
        {"language": "tlh"},
        {"name": "x" * 121},
        {"is_tax_exempt": True},
        {"tags": ["one,two"]},
    ],
)
def test_adds_nobody_with_what_can_not_be(calling, part):
    answer = calling().post("/customers", {**BOB, **part})

    assert answer.status_code == 422
    assert not Customer.objects.exists()


def test_takes_no_vat_number_that_is_none(calling):
    answer = calling().post("/customers", {**BOB, "vat_number": "GB1"})

    assert answer.status_code == 409
    assert not Customer.objects.exists()


def test_changes_only_what_is_sent(calling):
    alice = CustomerFactory(name="Alice Byron", company="Engines Ltd", tags=["press"])

    answer = calling("customers:write").send(
        "PATCH", f"/customers/{alice.pk}", {"company": "", "language": "de"}
    )

    assert answer.status_code == 200
    alice.refresh_from_db()
    assert (alice.name, alice.company, alice.language) == ("Alice Byron", "", "de")
    assert alice.tags == ["press"]


def test_gives_nobody_the_address_of_another(calling):
    alice, bob = CustomerFactory(), CustomerFactory()

    answer = calling().send("PATCH", f"/customers/{alice.pk}", {"email": bob.email})

    assert answer.status_code == 409


def test_leaves_the_address_that_somebody_signs_in_with(calling):
    alice = member("alice@example.com")

    answer = calling().send("PATCH", f"/customers/{alice.pk}", {"email": "eve@example.com"})

    assert answer.status_code == 409
    alice.refresh_from_db()
    assert alice.email == "alice@example.com"


def test_knows_nobody_who_was_forgotten(calling):
    gone = CustomerFactory(erased_at=timezone.now())
    caller = calling()

    assert caller.get(f"/customers/{gone.pk}").status_code == 404
    assert caller.get("/customers").json()["data"] == []
    assert caller.send("PATCH", f"/customers/{gone.pk}", {"name": "Eve"}).status_code == 404


def test_reading_rights_change_nobody(calling):
    alice = CustomerFactory()

    answer = calling("customers:read").send("PATCH", f"/customers/{alice.pk}", {"name": "Eve"})

    assert answer.status_code == 403
