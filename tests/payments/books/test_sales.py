"""Sales and credits in the books."""

from decimal import Decimal

import pytest
from django.utils import timezone

from payments.models import GrantedLine, GrantedRefund, JournalLine
from payments.services.books import sales
from payments.services.books.roles import Role
from payments.services.books.sales import Event, Place, Share, sale_draft
from tests.factories import CartLineFactory, MarketFactory, TaxRateFactory, in_stock, paid_order
from tests.factories.promotions import PromotionFactory
from tests.factories.value import gift_card_variant
from tests.payments.books.reading import balance, booked, check_now
from tests.processes.test_stored_value_bought import charge, place

pytestmark = pytest.mark.django_db
NOW = timezone.now()
GB = Place("GB", "", Decimal(20))


@pytest.fixture
def cards(db):
    """A gift card in the shop, without tax."""
    TaxRateFactory(tax_class__code="zero", rate=Decimal(0))
    return gift_card_variant("25.00")


def granted(order, *, lines, kind="refund"):
    """A grant of whole tax lines."""
    net = sum(line.base for line in lines)
    tax = sum(line.amount for line in lines)
    grant = GrantedRefund.objects.create(
        order=order,
        kind=kind,
        reason="Sent back",
        net=net,
        tax=tax,
        total=net + tax,
        granted_at=NOW,
        key=f"test-{order.pk}",
    )
    GrantedLine.objects.bulk_create(
        GrantedLine(
            grant=grant,
            tax_line=line,
            line=line.line,
            net=line.base,
            tax=line.amount,
            gross=line.base + line.amount,
        )
        for line in lines
    )
    return grant


def test_a_confirmed_order_is_booked_as_a_sale():
    order = paid_order(quantity=2)

    check_now()
    assert booked(f"order-{order.number}-sale") == {
        "customers": order.total,
        "sales": -order.lines.get().net,
        "delivery_charged": -order.shipping_net,
        "output_tax": -order.tax,
    }


def test_sales_and_tax_say_whose_tax_it_is():
    order = paid_order()

    lines = JournalLine.objects.filter(
        entry__order=order, account__role__in=["sales", "output_tax", "delivery_charged"]
    )

    assert {(one.country, one.region, one.tax_rate) for one in lines} == {("GB", "", 20)}


def test_an_order_that_waits_is_not_booked():
    place(CartLineFactory().cart)

    assert balance(Role.CUSTOMERS) == 0


def test_what_was_taken_off_stands_on_its_own():
    PromotionFactory(percent=Decimal(25))
    order = charge(place(CartLineFactory(variant=in_stock(price=Decimal("24.00"))).cart))

    entry = booked(f"order-{order.number}-sale")

    assert order.lines.get().net == 15
    assert (entry["sales"], entry["discounts"]) == (-20, 5)
    assert entry["customers"] == order.total


def test_a_gift_card_is_owed_not_sold(cards):
    order = place(CartLineFactory(variant=cards, quantity=2).cart)
    order = charge(order)

    assert booked(f"order-{order.number}-sale") == {"customers": 50, "cards_to_issue": -50}
    assert balance(Role.CARDS_TO_ISSUE) == 0
    assert balance(Role.GIFT_CARDS) == -50


def test_nothing_taken_off_by_all_of_it():
    before = sales.before_discount(
        net=Decimal(0),
        full=Decimal(12),
        discount=Decimal(12),
        untaxed=Decimal(10),
        currency="GBP",
    )

    assert before == 10


def test_a_credit_undoes_a_sale_on_an_account_of_its_own():
    order = paid_order()
    grant = granted(order, lines=list(order.tax_lines.all()), kind="cancellation")

    sales.post_credit(grant=grant, now=NOW)

    check_now()
    assert booked(f"grant-{grant.pk}") == {
        "credits": order.net,
        "output_tax": order.tax,
        "customers": -order.total,
    }
    assert balance(Role.OUTPUT_TAX) == 0


def test_a_credit_of_a_line_leaves_the_rest():
    order = paid_order()
    line = order.tax_lines.exclude(line=None).get()
    grant = granted(order, lines=[line])

    sales.post_credit(grant=grant, now=NOW)

    assert balance(Role.OUTPUT_TAX) == -order.shipping_tax


def test_a_credited_card_is_not_to_be_issued_any_more(cards):
    order = charge(place(CartLineFactory(variant=cards).cart))
    grant = granted(order, lines=list(order.tax_lines.all()))

    sales.post_credit(grant=grant, now=NOW)

    assert booked(f"grant-{grant.pk}") == {"cards_to_issue": 25, "customers": -25}


def test_taxes_of_one_country_and_rate_are_one_line():
    event = Event("test", NOW, "GBP", Decimal(1), Decimal(36))
    share = Share(Role.SALES, GB, Decimal(15), Decimal(3))

    draft = sale_draft(event, [share, share])

    assert [(line.account, line.amount) for line in draft.lines] == [
        (Role.CUSTOMERS, 36),
        (Role.SALES, -30),
        (Role.OUTPUT_TAX, -6),
    ]


def test_another_currency_is_booked_at_the_orders_rate():
    MarketFactory()
    order = paid_order()
    order.exchange_rate, order.currency, order.number = Decimal("0.86"), "EUR", "X1"
    order.save()

    sales.post_sale(order=order, now=NOW)

    check_now()
    owed = balance(Role.CUSTOMERS, base=True, source="order-X1-sale")
    assert owed == pytest.approx(order.total * Decimal("0.86"), abs=Decimal("0.02"))


def test_a_sale_takes_three_queries(django_assert_num_queries):
    order = paid_order()
    order.number = "X2"
    order.save()

    with django_assert_num_queries(3):
        sales.post_sale(order=order, now=NOW)
