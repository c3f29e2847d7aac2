"""Drafts of purchase orders: offers, packs, price breaks, suggestions."""

from decimal import Decimal

import pytest
from django.utils import timezone

from inventory.models import PurchaseOrder, SupplierOffer
from inventory.services import offers, purchases
from inventory.services.purchases import NoOffer, Wanted, WrongState
from tests.factories import VariantFactory
from tests.factories.buying import draft_of, offer, supplier, warehouse

pytestmark = pytest.mark.django_db


def _suggest(by, *wanted):
    return purchases.draft(
        supplier=by,
        location=warehouse(),
        lines=[Wanted(variant.pk, units, {"on_hand": 1}) for variant, units in wanted],
        now=timezone.now(),
        is_suggested=True,
    ).order


def _units(order):
    return {line.variant_id: line.quantity for line in order.lines.all()}


@pytest.mark.parametrize(
    ("asked", "pack", "least", "bought", "word"),
    [
        (12, 6, 1, 12, ""),
        (13, 6, 1, 18, "packs of 6"),
        (3, 1, 10, 10, "the least"),
        (3, 6, 10, 12, "at least 10, in packs of 6"),
    ],
)
def test_buys_whole_packs_and_no_less_than_the_minimum(asked, pack, least, bought, word):
    one = offer(supplier(), pack_size=pack, minimum=least)

    rounded = offers.units_for(offer=one, units=asked)

    assert rounded.units == bought
    assert word in rounded.words
    assert bool(rounded.words) == bool(word)


def test_the_cost_is_that_of_the_price_break_that_is_reached():
    by = supplier()
    one = offer(by, cost="2.00", breaks=[(50, "1.80"), (100, "1.655")])

    order = draft_of(by, (one.variant, 100))

    assert offers.unit_cost(offer=one, units=49) == Decimal("2.00")
    assert offers.unit_cost(offer=one, units=50) == Decimal("1.80")
    assert order.lines.get().unit_cost == Decimal("1.655")


def test_a_draft_takes_over_their_sku_and_says_what_it_rounded():
    by = supplier(currency="EUR")
    one = offer(by, supplier_sku="MUG-9", pack_size=6)

    drafted = purchases.draft(
        supplier=by, location=warehouse(), lines=[Wanted(one.variant_id, 7)], now=timezone.now()
    )

    line = drafted.order.lines.get()
    assert (line.quantity, line.supplier_sku, line.pack_size) == (12, "MUG-9", 6)
    assert drafted.order.currency == "EUR"
    assert drafted.words == [f"{one.variant.sku}: 12 instead of 7: they come in packs of 6."]


def test_what_is_not_offered_needs_a_cost():
    by, stranger = supplier(), VariantFactory()

    with pytest.raises(NoOffer) as refused:
        draft_of(by, (stranger, 5))

    assert refused.value.sku == stranger.sku
    assert draft_of(by, (stranger, 5, "3.25")).lines.get().unit_cost == Decimal("3.25")


def test_an_ordered_order_keeps_its_lines():
    by = supplier()
    one = offer(by)
    order = draft_of(by, (one.variant, 5))
    PurchaseOrder.objects.filter(pk=order.pk).update(status="ordered", ordered_at=timezone.now())

    with pytest.raises(WrongState):
        purchases.set_line(order_id=order.pk, wanted=Wanted(one.variant_id, 9))


def test_exactly_one_offer_of_a_variant_is_preferred():
    variant = VariantFactory()
    first = offer(supplier(), variant, is_preferred=True)
    second = offer(supplier(), variant)

    offers.prefer(offer=second)

    assert SupplierOffer.objects.get(variant=variant, is_preferred=True) == second
    first.refresh_from_db()
    assert not first.is_preferred


def test_the_oldest_active_offer_is_preferred_when_nobody_chose():
    variant = VariantFactory()
    offer(supplier(), variant, is_active=False, is_preferred=True)
    second = offer(supplier(), variant)
    offer(supplier(), variant)

    offers.settle(variant_ids=[variant.pk])

    assert SupplierOffer.objects.get(variant=variant, is_preferred=True) == second


def test_tonight_s_suggestion_replaces_last_night_s():
    by = supplier()
    mug, bowl = offer(by).variant, offer(by).variant

    first = _suggest(by, (mug, 5), (bowl, 3))
    second = _suggest(by, (mug, 8))

    assert first == second
    assert _units(second) == {mug.pk: 8}
    assert second.lines.get().reasons == {"on_hand": 1, "suggested": 8}


def test_what_a_person_changed_on_a_suggestion_stays():
    by = supplier()
    mug, bowl, jug = offer(by).variant, offer(by).variant, offer(by).variant
    order = _suggest(by, (mug, 5), (bowl, 3))
    purchases.set_line(order_id=order.pk, wanted=Wanted(mug.pk, 20))
    purchases.set_line(order_id=order.pk, wanted=Wanted(jug.pk, 4))

    _suggest(by, (mug, 6), (bowl, 7))

    assert _units(order) == {mug.pk: 20, jug.pk: 4, bowl.pk: 7}


def test_suggestions_that_nobody_needs_any_more_go_unless_a_person_touched_them():
    touched, plain = supplier(), supplier()
    mug, bowl = offer(touched).variant, offer(plain).variant
    kept = _suggest(touched, (mug, 5))
    _suggest(plain, (bowl, 5))
    purchases.set_line(order_id=kept.pk, wanted=Wanted(mug.pk, 9))

    gone = purchases.withdraw_suggestions(keep=[], now=timezone.now())

    assert gone == 1
    assert list(PurchaseOrder.objects.all()) == [kept]
