"""Making feeds: what goes in, what stays out and why, and what is published meanwhile."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Image, Price, PriceHistory, SafetyParty, Variant
from channels import tasks
from channels.models import Feed, FeedRejection, FeedRun
from channels.services import feeds
from tests.channels.specification import feed_problems, read
from tests.factories import ImageFactory, MarketFactory, PriceFactory, RateFactory
from tests.factories.ahead import in_days, on_order, preordered, sold_ahead
from tests.factories.shelf import product_with

pytestmark = pytest.mark.django_db
DOMAIN = "shop.example"
NOW = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)


def goods(options=None, **fields):
    """A product that a feed has nothing against."""
    defaults = {"description": "<p>Thrown by hand.</p>", "brand": "Marl & Weft"}
    product = product_with(options, **{**defaults, **fields})
    ImageFactory(product=product, file__width=200, file__height=250)
    return product


def reasons(run):
    return sorted(run.rejections.values_list("reason", flat=True))


def only(text):
    (item,) = read(text)
    return item


def test_tells_every_variant_of_a_product_as_one_of_a_group(demo_market, made):
    RateFactory()
    goods({"Glaze": ["Ash", "Moss"], "Size": ["200 ml", "320 ml"]}, slug="mug", title="Mug")

    run, text = made()

    items = read(text)
    assert (run.accepted, run.rejected) == (4, 0)
    assert feed_problems(items, DOMAIN) == []
    assert {item["item_group_id"][0] for item in items} == {"mug"}
    assert [item["color"][0] for item in items] == ["Ash", "Ash", "Moss", "Moss"]
    assert items[0]["title"] == ["Mug, Ash, 200 ml"]
    assert items[0]["link"] == ["https://shop.example/p/mug/?v=MUG-ASH-200ML"]
    assert items[0]["shipping"][0]["country"] == "GB"


def test_a_product_without_options_is_in_no_group(demo_market, made):
    goods()

    _run, text = made()

    assert "item_group_id" not in only(text)


def test_a_reduced_price_stands_beside_the_one_before_with_its_dates(demo_market, made):
    product = goods(price="80.00")
    Price.objects.filter(variant__product=product).update(
        amount=Decimal("60.00"), compare_at=Decimal("80.00")
    )

    _run, text = made()

    item = only(text)
    assert (item["price"], item["sale_price"]) == (["80.00 GBP"], ["60.00 GBP"])
    assert feed_problems([item], DOMAIN) == []


def test_no_reduction_is_told_when_it_cost_as_little_a_few_days_ago(demo_market, made):
    product = goods(price="80.00")
    prices = Price.objects.filter(variant__product=product)
    prices.update(amount=Decimal("90.00"), compare_at=Decimal("100.00"))
    PriceHistory.objects.all().delete()
    for days, amount in ((9, "80.00"), (6, "100.00"), (3, "90.00")):
        at = timezone.now() - dt.timedelta(days=days)
        PriceHistory.objects.create(
            variant=product.variants.get(), market=demo_market, amount=Decimal(amount), at=at
        )

    _run, text = made()

    item = only(text)
    assert item["price"] == ["90.00 GBP"]
    assert "sale_price" not in item


def test_tells_what_a_pack_holds_and_what_it_is_compared_by(demo_market, made):
    product = goods()
    Variant.objects.filter(product=product).update(content=250, content_unit="g")

    _run, text = made()

    item = only(text)
    assert item["unit_pricing_measure"] == ["250 g"]
    assert item["unit_pricing_base_measure"] == ["100 g"]


@pytest.mark.parametrize(("units", "word"), [(3, "in_stock"), (0, "out_of_stock")])
def test_says_whether_it_is_there(demo_market, made, units, word):
    goods(units=units)

    _run, text = made()

    assert only(text)["availability"] == [word]


@pytest.mark.parametrize("word", ["backorder", "preorder"])
def test_says_when_it_is_sent_that_is_not_there_yet(demo_market, made, word):
    variant = goods(units=0).variants.get()
    day = in_days(30)
    on_order(variant, 9, day)
    preordered(variant, day) if word == "preorder" else sold_ahead(variant)

    _run, text = made()

    item = only(text)
    assert item["availability"] == [word]
    assert item["availability_date"] == [f"{day}T00:00+0000"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"barcode": "4006381333931"}, "yes"),
        ({"mpn": "MW-1"}, "yes"),
        ({}, "no"),
    ],
)
def test_says_whether_the_trade_knows_it_by_a_number(demo_market, made, fields, told):
    product = goods()
    if fields:
        Variant.objects.filter(product=product).update(**fields)

    _run, text = made()

    item = only(text)
    assert item["identifier_exists"] == [told]
    assert feed_problems([item], DOMAIN) == []


BROKEN = [
    ({"description": ""}, {}, "No description."),
    ({"title": "x" * 151}, {}, "The title with its variant is longer than 150 characters."),
    ({"brand": ""}, {}, "No identifier: give it a GTIN, or a brand with a part number."),
    ({"brand": "x" * 71}, {}, "The brand is longer than 70 characters."),
    ({}, {"barcode": "4006381333932"}, "The barcode is not a GTIN: its check digit is wrong."),
    ({}, {"barcode": "2000000000008"}, "The barcode is one of those kept for use inside a shop."),
    ({}, {"sku": "X" * 51}, "The SKU is longer than 50 characters."),
]


@pytest.mark.parametrize(("product", "variant", "reason"), BROKEN)
def test_leaves_out_what_would_be_refused_and_says_why(demo_market, made, product, variant, reason):
    broken = goods(**product)
    if variant:
        Variant.objects.filter(product=broken).update(**variant)
    goods(slug="fine")

    run, text = made()

    assert reasons(run) == [reason]
    assert (run.accepted, run.rejected) == (1, 1)
    assert "/p/fine/" in only(text)["link"][0]


def test_leaves_out_what_has_no_picture_or_too_small_a_one(demo_market, made):
    none, small = goods(slug="none"), goods(slug="small")
    Image.objects.filter(product=none).delete()
    Image.objects.filter(product=small).update(width=90)

    run, _text = made()

    assert reasons(run) == [
        "No picture of at least 100 × 100 pixels in a format that services take.",
        "No picture.",
    ]


def test_tells_a_missing_price_from_a_product_that_is_not_sold_here(demo_market, made):
    eu = MarketFactory(eu=True)
    goods(slug="here")
    party = SafetyParty.objects.create(name="A", address="B", country="IE", contact="c@d.example")
    both = goods({"Glaze": ["Ash", "Moss"]}, slug="both", manufacturer=party, needs_no_warning=True)
    PriceFactory(variant=both.variants.first(), market=eu)

    run, text = made(market=eu)

    assert reasons(run) == ["No price in this market.", "Not sold in this market."]
    assert only(text)["link"] == ["https://shop.example/eu/p/both/?v=BOTH-ASH"]


def test_tells_an_eu_market_only_what_its_safety_law_allows(demo_market, made):
    eu = MarketFactory(eu=True)
    product = goods(manufacturer=None)
    PriceFactory(variant=product.variants.get(), market=eu)

    run, text = made(market=eu)

    assert read(text) == []
    assert run.rejected == 1
    assert all(reason.startswith("Product safety: ") for reason in reasons(run))


def test_a_product_with_two_faults_is_left_out_once_and_told_twice(demo_market, made):
    goods(description="", brand="")

    run, _text = made()

    assert (run.rejected, run.rejections.count()) == (1, 2)


def test_what_is_not_on_sale_is_not_spoken_of(demo_market, made):
    goods(status="draft", published_at=None)

    run, text = made()

    assert (run.accepted, run.rejected, read(text)) == (0, 0, [])


def test_hostile_words_stay_words(demo_market, made):
    goods(
        title='<b>Mug</b> & "pot" ]]>\x0b',
        description="<script>alert(1)</script><p>Fine &lt;p&gt;</p>",
    )

    _run, text = made()

    assert only(text)["title"] == ['<b>Mug</b> & "pot" ]]>']
    assert "alert" not in only(text)["description"][0]


@pytest.mark.parametrize("kind", [Feed.Kind.META, Feed.Kind.CSV])
def test_tables_have_a_row_for_each_variant_and_no_formulas(demo_market, made, kind):
    goods({"Glaze": ["Ash", "Moss"]}, title="=HYPERLINK(1)")

    run, text = made(kind=kind)

    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(rows) == run.accepted == 2
    assert rows[0]["title"] == "'=HYPERLINK(1), Ash"
    assert rows[0]["price"] == "22.00 GBP"


def test_meta_gets_the_columns_it_needs_in_its_own_words(demo_market, made):
    goods(units=0)

    _run, text = made(kind=Feed.Kind.META)

    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    needed = ("id", "title", "description", "availability", "condition", "price", "link",
              "image_link", "brand")  # fmt: skip
    assert all(row[name] for name in needed)
    assert row["availability"] == "out of stock"


def test_the_clock_makes_published_feeds_only(demo_market):
    on = Feed.objects.create(name="on", kind="csv", market=demo_market)
    Feed.objects.create(name="off", kind="csv", market=demo_market, is_active=False)
    goods()

    tasks.make_feeds()

    assert [run.feed for run in FeedRun.objects.all()] == [on]


def test_two_makings_of_a_feed_do_not_meet(demo_market):
    feed = Feed.objects.create(name="on", kind="csv", market=demo_market)
    FeedRun.objects.create(feed=feed, started_at=NOW - dt.timedelta(minutes=2))

    assert feeds.make(feed=feed, now=NOW) is None
    assert feeds.make(feed=feed, now=NOW + dt.timedelta(hours=1)) is not None


def test_old_makings_go_with_their_files_and_reasons(demo_market, settings):
    goods(description="")
    feed = Feed.objects.create(name="on", kind="csv", market=demo_market)

    for day in range(feeds.KEPT_RUNS + 2):
        feeds.make(feed=feed, now=NOW + dt.timedelta(days=day))

    assert feed.runs.count() == feeds.KEPT_RUNS == FeedRejection.objects.count()
    assert len(list(settings.MEDIA_ROOT.glob("private/feeds/*/*/*.gz"))) == feeds.KEPT_RUNS
    assert timezone.is_aware(feed.runs.first().started_at)
