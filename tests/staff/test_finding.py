"""One box finds an order by whatever a caller has in hand."""

import pytest
from django.utils import timezone

from orders.models import Claim, Order, Return
from payments.models import Document
from payments.services import documents
from shipping.models import Carrier, Label
from shop.admin import paging
from tests.factories import paid_order, placed_order, shipped_order

pytestmark = pytest.mark.django_db
LIST = "/admin/orders/order/"
NOW = timezone.now()


def found(client, words, **query):
    page = client.get(LIST, {"q": words, **query})
    return [one.number for one in page.context["cl"].result_list]


@pytest.fixture
def order():
    placed_order(email="someone@example.com", name="Someone Else", phone="0161 496 0001")
    order = paid_order(email="grace@example.com", name="Grace Hopper", phone="+44 20 7946 0958")
    Order.objects.filter(pk=order.pk).update(reference="PO-778")
    return order


@pytest.mark.parametrize(
    "words",
    [
        "grace@example.com",
        "race@exam",
        "hopper",
        "Grace Hopper",
        "hopper grace@",
        "gr",
        "+44 20 7946 0958",
        "020 7946 0958",
        "(020) 7946-0958",
        "79460958",
        "PO-778",
        "po-778",
    ],
)
def test_by_person_phone_and_reference(owner, order, words):
    assert found(owner, words) == [order.number]


def test_by_number_with_and_without_its_sign(owner, order):
    assert found(owner, f"#{order.number}") == [order.number]
    assert order.number in found(owner, order.number[:4])


def test_by_return_claim_and_the_label_of_the_way_back(owner, order):
    rma = Return.objects.create(
        number="RMA-10001", order=order, requested_at=NOW, key="1", tracking_number="BACK1"
    )
    Claim.objects.create(number="CL-10001", order=order, opened_at=NOW, due_at=NOW, key="1")
    carrier = Carrier.objects.create(code="own", name="Own")
    Label.objects.create(
        carrier=carrier, rma=rma, tracking_number="LABEL1", requested_at=NOW, key="1"
    )

    for words in ("rma-10001", "CL-10001", "back1", "LABEL1"):
        assert found(owner, words) == [order.number], words


def test_by_invoice(owner):
    order = shipped_order()
    invoice = Document.objects.filter(order=order).first() or documents.of_order(order)[0]

    assert found(owner, invoice.label) == [order.number]


def test_every_word_has_to_be_there(owner, order):
    assert found(owner, "hopper someone") == []
    assert found(owner, "nobody") == []


def test_a_search_asks_the_same_whatever_is_typed(
    owner, order, django_assert_num_queries, django_assert_max_num_queries
):
    owner.get(LIST, {"q": "grace"})
    # One of them is the session.
    with django_assert_max_num_queries(10) as one:
        owner.get(LIST, {"q": "grace"})

    for words in ("+44 20 7946 0958", "hopper grace@ PO-778", "nobody"):
        with django_assert_num_queries(len(one)):
            owner.get(LIST, {"q": words})


@pytest.mark.parametrize("words", ["%", "_", "'; drop table", "\\", "(((", "😀", "0" * 300])
def test_strange_words_find_nothing_and_break_nothing(owner, order, words):
    assert found(owner, words) == []


class TestLongLists:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(paging, "COUNTED", 2)
        monkeypatch.setattr(paging, "MOST_PAGES", 1)

    def test_say_about_how_many_and_end_somewhere(self, owner):
        for _number in range(4):
            placed_order()

        page = owner.get(LIST)

        assert page.context["cl"].paginator.is_about
        assert page.context["cl"].paginator.num_pages == 1
        assert "about" in page.content.decode()

    def test_count_exactly_while_they_are_short(self, owner):
        placed_order()

        page = owner.get(LIST)

        assert page.context["cl"].result_count == 1
        assert "about" not in page.content.decode().split("pagination")[-1]
