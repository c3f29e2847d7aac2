import datetime as dt
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, Sum

from accounts.models import PolicyVersion
from catalog.models import Card, Category, Image, Market, Product, TaxRate, Variant
from inventory.models import ReceiptLine
from inventory.queries import availability
from orders.models import Order
from shipping.models import Rate
from shop.outbox.models import Mail, Message
from shop.processes import bookkeeping
from support.models import Article
from tests.demo.seeded import NOW, seed

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("demo_shop"),
    pytest.mark.xdist_group("demo shop"),
]


def sold():
    return list(Order.objects.order_by("placed_at").values_list("placed_at", "total", "email"))


def test_an_empty_shop_becomes_a_full_one():
    assert Product.objects.count() >= 140
    assert Variant.objects.count() >= 850
    assert [market.currency for market in Market.objects.in_order()] == ["GBP", "EUR"]
    assert Rate.objects.count() >= 6
    assert Card.objects.count() == 2 * Product.objects.count()
    assert Article.objects.exists()
    assert PolicyVersion.objects.filter(slug="terms").exists()


def test_workers_owe_a_rendering_of_every_picture():
    owed = Message.objects.filter(topic="images.render").count()

    assert owed == Image.objects.count() > 300


@pytest.mark.parametrize(
    "role", ["owner", "manager", "warehouse", "support", "catalogue", "marketing"]
)
def test_every_role_can_sign_in(role):
    person = authenticate(username=f"{role}@marlandweft.example", password="mercer-demo")

    assert person.is_staff
    assert [group.name for group in person.groups.all()] == [role]


def test_a_year_of_orders_leaves_the_books_balanced():
    assert Order.objects.count() == 1500
    assert bookkeeping.reconcile(now=NOW) == []


@pytest.mark.parametrize(
    ("sku", "left"), [("MW-MUG-ASH-320", 18), ("MW-MUG-INK-320", 2), ("MW-MUG-RST-320", 0)]
)
def test_a_year_of_orders_leaves_the_shelves_as_the_catalogue_has_them(sku, left):
    mug = Variant.objects.get(sku=sku)
    came = ReceiptLine.objects.filter(line__variant=mug).aggregate(units=Sum("quantity"))

    assert availability([mug.pk])[mug.pk].available == left + (came["units"] or 0)


def test_orders_are_as_different_as_in_life():
    counts = dict(Order.objects.values_list("status").annotate(Count("pk")))

    assert counts["completed"] > 1300
    assert {"confirmed", "pending", "expired", "canceled"} <= set(counts)
    assert Order.objects.filter(payment_status="partially_refunded").exists()
    assert Order.objects.filter(payment_method="bank_transfer", status="completed").exists()


def test_four_fifths_are_sold_in_the_main_market():
    by_market = dict(Order.objects.values_list("market__code").annotate(Count("pk")))

    assert by_market["uk"] / 1500 == pytest.approx(0.8, abs=0.05)


def test_orders_cover_twelve_months_up_to_now():
    placed = [placed_at for placed_at, _total, _email in sold()]

    assert NOW - dt.timedelta(days=366) < placed[0] < NOW - dt.timedelta(days=350)
    assert NOW - dt.timedelta(days=2) < placed[-1] < NOW


def test_a_part_of_the_shoppers_comes_back():
    shoppers = Order.objects.values("email").distinct().count()

    assert 0.55 < shoppers / 1500 < 0.85


def test_nobody_gets_mail_about_the_past():
    assert not Mail.objects.exists()
    assert not Message.objects.filter(topic__startswith="mail.").exists()


@pytest.mark.parametrize(("country", "rate"), [("GB", 20), ("DE", 19), ("IE", 23)])
def test_tax_is_the_destinations(country, rate):
    orders = Order.objects.filter(country=country, tax_lines__tax_class="standard")

    assert set(orders.values_list("tax_lines__rate", flat=True)) <= {rate, 0}
    assert orders.exists()


def test_hardly_anything_is_sold_before_it_was_on_sale():
    early = [
        line.sku
        for order in Order.objects.prefetch_related("lines__variant__product")
        for line in order.lines.all()
        if line.variant.product.published_at > order.placed_at
    ]

    # Only the oldest product may stand in for a day on which nothing else was there.
    oldest = Product.objects.order_by("published_at").first()
    assert set(early) <= set(oldest.variants.values_list("sku", flat=True))


def test_a_second_run_changes_nothing():
    before = sold()
    out = StringIO()

    call_command("seed_shop", "--orders", "1500", stdout=out)

    assert "Already filled." in out.getvalue()
    assert sold() == before


def test_a_run_that_was_cut_short_is_made_good():
    seed(orders=1510)

    assert Order.objects.count() == 1510
    assert bookkeeping.reconcile(now=NOW) == []


def test_the_same_seed_gives_the_same_orders():
    around = transaction.atomic()
    # As Django's own tests say it, so that durable transactions may begin inside.
    around._from_testcase = True
    with around:
        seed(orders=1520, number=7)
        first = sold()
        transaction.set_rollback(True)

    seed(orders=1520, number=7)

    assert sold() == first


def test_made_up_orders_are_not_mixed_with_real_ones():
    with pytest.raises(CommandError, match="nothing is made up"):
        call_command("seed_shop", "--orders", "1600")

    assert Order.objects.count() == 1500


def test_a_run_that_ended_before_the_shelves_were_filled_is_made_good():
    Card.objects.all().delete()

    assert seed(orders=1500)

    assert Card.objects.count() == 2 * Product.objects.count()


def test_a_number_below_nought_is_refused():
    with pytest.raises(CommandError, match="can't be negative"):
        call_command("seed_shop", "--orders", "-1")


def test_tax_rates_follow_each_other_without_a_gap():
    germany = TaxRate.objects.filter(country="DE", region="", tax_class__code="standard")
    germany = germany.order_by("valid")

    assert [rate.rate for rate in germany] == [19, 16, 19]
    assert germany[0].valid.upper == germany[1].valid.lower == dt.date(2020, 7, 1)
    assert germany[2].valid.upper is None


def test_a_category_lies_in_its_parent():
    mugs = Product.objects.get(slug="foot-ring-mug").category

    assert mugs.url_path == "mugs-cups/mugs"
    assert Category.objects.get_parent(mugs).url_path == "mugs-cups"


def test_the_price_of_a_variant_is_the_base_and_its_surcharges():
    large = Variant.objects.get(sku="MW-MUG-ASH-450")

    assert dict(large.prices.values_list("market__code", "amount")) == {"uk": 26, "eu": 32}


def test_combinations_that_are_not_made_do_not_exist():
    assert not Variant.objects.filter(sku="MW-MUG-ROS-200").exists()
