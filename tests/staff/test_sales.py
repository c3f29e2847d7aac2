"""Staff plan sales, see what they do to prices, and end them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import ExchangeRate, Price, Sale, SaleEntry
from shop.outbox.models import Message
from tests.factories import MarketFactory, VariantFactory
from tests.factories.pricing import DAY, HOUR, ChangeFactory, ExchangeRateFactory, SaleFactory

pytestmark = pytest.mark.django_db

LIST = "/admin/catalog/sale/"
ROWS = {"entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0"}


def form(**fields):
    return {
        **ROWS,
        "name": "Winter sale",
        "kind": "sale",
        "is_active": "on",
        "starts_at_0": "2026-12-01",
        "starts_at_1": "09:00",
        "ends_at_0": "2026-12-24",
        "ends_at_1": "18:00",
        "percent": "10",
        "covers_all": "on",
        **fields,
    }


def errors(answer):
    return answer.context["adminform"].form.errors


@pytest.fixture
def mug(demo_market):
    return VariantFactory(sku="MUG-1", price=Decimal(20), product__title="Ash mug")


@pytest.mark.parametrize("role", ["owner", "manager", "catalogue", "marketing"])
def test_those_who_price_plan_a_sale(sign_in, mug, role):
    answer = sign_in(role).post(f"{LIST}add/", form())

    sale = Sale.objects.get()
    assert answer.status_code == 302
    assert sale.starts_at == dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    assert (sale.percent, sale.covers_all) == (Decimal(10), True)
    due = Message.objects.filter(topic="pricing.apply").values_list("due_at", flat=True)
    assert {sale.starts_at, sale.ends_at} <= set(due)


@pytest.mark.parametrize("role", ["warehouse", "support"])
def test_others_do_not(sign_in, mug, role):
    assert sign_in(role).get(LIST).status_code == 403


def test_what_it_covers_is_chosen(owner, mug):
    shelf = mug.product.category

    owner.post(
        f"{LIST}add/",
        form(covers_all="", products=[mug.product_id], categories=[shelf.pk], rounding="0.95"),
    )

    sale = Sale.objects.get()
    assert (sale.product_ids, sale.category_ids) == ([mug.product_id], [shelf.pk])
    page = owner.get(f"{LIST}{sale.pk}/change/").content.decode()
    assert "Ash mug" in page


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"ends_at_0": "", "ends_at_1": ""}, "ends_at"),
        ({"ends_at_0": "2026-11-30"}, "ends_at"),
        ({"percent": ""}, "percent"),
        ({"covers_all": ""}, "percent"),
        ({"percent": "0"}, "__all__"),
        ({"lines": "NOBODY 12"}, "lines"),
        ({"lines": "MUG-1 cheap"}, "lines"),
        ({"lines": "MUG-1 12.345"}, "lines"),
        ({"lines": "MUG-1 12 moon"}, "lines"),
    ],
)
def test_says_what_is_wrong_with_a_sale(owner, mug, fields, name):
    answer = owner.post(f"{LIST}add/", form(**fields))

    assert name in errors(answer)
    assert not Sale.objects.exists()


def test_prices_of_single_pieces_are_pasted(owner, mug):
    euros = MarketFactory(eu=True)

    owner.post(
        f"{LIST}add/",
        form(covers_all="", percent="", lines="mug-1\t12.50\nMUG-1;14,00;eu\n\nMUG-1 12.00"),
    )

    found = SaleEntry.objects.order_by("market__position").values_list("market", "amount")
    assert list(found) == [(MarketFactory().pk, Decimal(12)), (euros.pk, Decimal(14))]


def test_a_change_without_an_end_is_allowed(owner, mug):
    owner.post(f"{LIST}add/", form(kind="change", ends_at_0="", ends_at_1=""))

    assert Sale.objects.get().ends_at is None


def test_the_list_tells_state_and_count(owner, mug, django_assert_max_num_queries):
    now = timezone.now()
    for fields in ({}, {"starts_at": now + DAY}, {"starts_at": now - 20 * DAY}):
        SaleFactory(**fields)

    with django_assert_max_num_queries(16):
        page = owner.get(LIST).content.decode()

    for words in ("Running", "Planned", "Over"):
        assert words in page
    assert owner.get(LIST, {"state": "planned"}).context["cl"].result_count == 1


def test_the_preview_tells_every_price(owner, mug):
    mug.cost = Decimal(9)
    mug.save()
    sale = SaleFactory(starts_at=timezone.now() + DAY)
    SaleFactory(name="Autumn sale", starts_at=timezone.now() + DAY)

    page = owner.get(f"{LIST}{sale.pk}/prices/")

    [line] = page.context["rows"]
    assert (line.sku, line.regular, line.becomes, line.was) == ("MUG-1", 20, 18, 20)
    assert line.margin == Decimal("40.0")
    assert "1 price is also in “Autumn sale”: the lower wins." in page.content.decode()
    assert owner.get(f"{LIST}{sale.pk}/prices/?q=nothing").context["rows"] == []


def test_costs_are_not_for_marketing(sign_in, mug):
    sale = SaleFactory()

    page = sign_in("marketing").get(f"{LIST}{sale.pk}/prices/").content.decode()

    assert "MUG-1" in page
    assert "Margin" not in page


def act(client, action, *sales):
    chosen = {"action": action, "_selected_action": [one.pk for one in sales], "index": 0}
    return client.post(LIST, chosen)


def test_a_running_sale_ends_now_and_a_planned_one_is_switched_off(owner, mug):
    running, planned = SaleFactory(), SaleFactory(starts_at=timezone.now() + DAY)

    page = act(owner, "end_now", running, planned)

    running.refresh_from_db()
    planned.refresh_from_db()
    assert running.ends_at <= timezone.now()
    assert not planned.is_active
    assert page.context["done"] == 2


def test_switching_off_reports_what_was_off(owner, mug):
    page = act(owner, "switch_off", SaleFactory(), SaleFactory(is_active=False))

    assert page.context["done"] == 1
    assert "It was off already." in page.content.decode()


def test_a_copy_has_the_prices_and_is_off(owner, mug):
    sale = SaleFactory()
    SaleEntry.objects.create(sale=sale, variant=mug, market=MarketFactory(), amount=Decimal(5))

    act(owner, "duplicate", sale)

    twin = Sale.objects.exclude(pk=sale.pk).get()
    assert (twin.is_active, twin.entries.get().amount) == (False, Decimal(5))


def test_what_became_the_price_is_not_edited(owner, mug):
    change = ChangeFactory(ends_at=None, applied_at=timezone.now())

    page = owner.get(f"{LIST}{change.pk}/change/")

    assert page.status_code == 200
    assert b'name="percent"' not in page.content


def test_deleting_a_sale_owes_the_old_prices(owner, mug):
    sale = SaleFactory()

    owner.post(f"{LIST}{sale.pk}/delete/", {"post": "yes"})

    assert Message.objects.filter(topic="pricing.apply").exists()


# Rates and markets


def test_a_typed_rate_names_who_typed_it_and_owes_prices(owner, mug):
    owner.post(
        "/admin/catalog/exchangerate/add/",
        {"base": "GBP", "quote": "EUR", "rate": "1.17", "at_0": "2026-11-01", "at_1": "00:00"},
    )

    assert "@" in ExchangeRate.objects.get().source
    assert Message.objects.filter(topic="pricing.apply").exists()


@pytest.mark.parametrize(
    ("age", "words"),
    [(HOUR, "GBP/EUR 1.250000"), (8 * DAY, "older than 7 days"), (None, "No rate for GBP/EUR")],
)
def test_a_market_tells_at_which_rate_it_follows(owner, mug, age, words):
    market = MarketFactory(eu=True, base=MarketFactory())
    if age:
        ExchangeRateFactory(at=timezone.now() - age)

    page = owner.get(f"/admin/catalog/market/{market.pk}/change/").content.decode()

    assert words in page


def market_form(market, **fields):
    kept = {
        name: getattr(market, name)
        for name in ("code", "name", "path", "language", "locale", "fee_percent", "fee_fixed")
    }
    ticks = {"prices_include_tax": "on", "shows_tax": "on"}
    return {
        **kept,
        **ticks,
        "countries": "IE,DE",
        "position": 1,
        "base": "",
        "rounding": "",
        **fields,
    }


def test_a_market_takes_prices_from_one_that_has_its_own(owner, mug):
    main = MarketFactory()
    euros = MarketFactory(eu=True, base=main)
    yen = MarketFactory(code="jp", path="jp", currency="JPY", countries=["JP"], position=2)
    page = f"/admin/catalog/market/{yen.pk}/change/"

    refused = owner.post(page, market_form(yen, base=euros.pk))
    taken = owner.post(page, market_form(yen, base=main.pk))

    yen.refresh_from_db()
    assert "base" in errors(refused)
    assert (taken.status_code, yen.base) == (302, main)
    assert Message.objects.filter(topic="browsing.refresh_cards").exists()


def test_a_market_that_stops_following_keeps_its_prices(owner, mug):
    euros = MarketFactory(eu=True, base=MarketFactory())
    Price.objects.create(variant=mug, market=euros, amount=Decimal(25), is_fixed=False)

    owner.post(f"/admin/catalog/market/{euros.pk}/change/", market_form(euros))

    assert Price.objects.get(market=euros).is_fixed
