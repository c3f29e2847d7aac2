"""A walk along the bins for several parcels: sorted, scanned, short, given up."""

import pytest

from inventory.models import Shortage, StockMovement
from inventory.queries.codes import CodeRefused
from inventory.services import stock
from orders.services import orders
from shipping.models import PickTask
from shop.processes import picking
from shop.processes.picking import NothingToPick, WaveRefused, WrongPiece
from tests.factories import in_stock, paid_order, stock_of
from tests.factories.floor import LocationFactory, in_bin, shelved
from tests.factories.people import UserFactory
from tests.factories.specials import bundle_of
from tests.picking.parcels import NOW, bought, contents, move, prepared, scanned, wave_of

pytestmark = pytest.mark.django_db


def _statuses(wave):
    return list(wave.fulfilments.order_by("pk").values_list("status", flat=True))


def _walk(wave):
    tasks = wave.tasks.order_by("position").select_related("bin", "variant")
    return [(str(task.bin or ""), task.variant.sku, task.quantity) for task in tasks]


def _short(wave, sku, units, reason=""):
    task = wave.tasks.get(variant__sku=sku, done_at=None)
    return picking.short(task_id=task.pk, units=units, reason=reason, actor=None, now=NOW)


def test_the_walk_goes_along_the_bins():
    far, near, loose = in_stock(5), in_stock(5), in_stock(5)
    in_bin(near, "A-01")
    in_bin(far, "B-07")
    first, second = bought({far: 1, loose: 1}), bought({near: 2, far: 3})

    wave = wave_of(first, second, started=False)

    assert wave.number.startswith("WV-")
    assert _walk(wave) == [
        ("A-01", near.sku, 2),
        ("B-07", far.sku, 1),
        ("B-07", far.sku, 3),
        ("", loose.sku, 1),
    ]


def test_a_bundle_is_fetched_by_its_parts():
    cup, saucer = in_stock(6), in_stock(6)
    order = bought({bundle_of({cup: 2, saucer: 1}): 2})

    wave = wave_of(order, started=False)

    assert sorted(_walk(wave)) == sorted([("", cup.sku, 4), ("", saucer.sku, 2)])


def test_the_next_wave_takes_the_most_urgent_orders_that_lie_here():
    soon, late = paid_order(), paid_order()
    soon.__class__.objects.filter(pk=soon.pk).update(arrives_by=NOW.date())
    held = paid_order()
    orders.hold(order=held, reason="odd", move=move())
    place = stock.default_location()

    first = picking.make_wave(location=place, limit=1, actor=None, now=NOW)
    second = picking.make_wave(location=place, limit=5, actor=None, now=NOW)

    assert [one.order for one in first.fulfilments.all()] == [soon]
    assert [one.order for one in second.fulfilments.all()] == [late]
    with pytest.raises(NothingToPick):
        picking.make_wave(location=place, actor=None, now=NOW)


def test_a_wave_holds_only_what_lies_at_its_place():
    here, there = in_stock(2), shelved(2, location=LocationFactory())
    order = bought({here: 1, there: 1})

    wave = wave_of(order, started=False)

    assert _walk(wave) == [("", here.sku, 1)]


def test_starting_moves_its_parcels_and_names_the_picker():
    wave, person = wave_of(paid_order(), paid_order(), started=False), UserFactory()

    picking.start_wave(wave_id=wave.pk, actor=person, now=NOW)
    wave.refresh_from_db()

    assert (wave.status, wave.picker) == ("picking", person)
    assert _statuses(wave) == ["picking", "picking"]


def test_a_colleague_does_not_start_what_somebody_walks():
    wave = wave_of(paid_order(), picker=UserFactory(name="Nora"))

    with pytest.raises(WaveRefused, match="Nora"):
        picking.start_wave(wave_id=wave.pk, actor=UserFactory(), now=NOW)


def test_an_order_stopped_meanwhile_is_left_out():
    stopped, fine = paid_order(), paid_order()
    wave = wave_of(stopped, fine, started=False)
    orders.hold(order=stopped, reason="odd", move=move())

    picking.start_wave(wave_id=wave.pk, actor=UserFactory(), now=NOW)

    assert [one.order for one in wave.fulfilments.all()] == [fine]
    assert stopped.fulfilments.get().status == "pending"


def test_scans_count_for_the_first_parcel_that_wants_one():
    variant = in_stock(9)
    wave = wave_of(paid_order(variant=variant, quantity=1), paid_order(variant=variant, quantity=2))

    slots = [scanned(wave, text).slot for text in (variant.sku, variant.sku, variant.sku)]

    wave.refresh_from_db()
    assert slots == [1, 2, 2]
    assert wave.status == "picked"
    assert stock_of(variant) == (9, 3)


def test_a_wrong_scan_says_what_is_wanted_from_where():
    variant, other = in_stock(5), in_stock(5)
    in_bin(variant, "A-01")
    wave = wave_of(paid_order(variant=variant))

    with pytest.raises(WrongPiece, match=f"{variant.sku} from A-01"):
        scanned(wave, other.sku)
    with pytest.raises(CodeRefused):
        scanned(wave, "no such code")

    assert wave.tasks.get().picked == 0


def test_more_than_a_parcel_wants_is_refused():
    variant = in_stock(5)
    wave = wave_of(paid_order(variant=variant, quantity=2))

    with pytest.raises(WrongPiece):
        scanned(wave, f"3*{variant.sku}")
    scanned(wave, f"2*{variant.sku}")

    with pytest.raises(WrongPiece):
        scanned(wave, variant.sku)


def test_a_missing_piece_is_recorded_and_becomes_a_shortage():
    variant = in_stock(3)
    in_bin(variant, "A-01")
    order = paid_order(variant=variant, quantity=3)
    wave = wave_of(order)
    scanned(wave, f"2*{variant.sku}")

    _short(wave, variant.sku, 1, "broken on the floor")

    task = wave.tasks.get()
    parcel = order.fulfilments.get()
    wave.refresh_from_db()
    assert (task.quantity, task.picked, task.short) == (3, 2, 1)
    assert wave.status == "picked"
    assert contents(parcel) == {variant.sku: 2}
    assert parcel.events.filter(axis="note", note__contains="A-01").exists()
    assert Shortage.objects.get().quantity == 1
    moved = StockMovement.objects.filter(reference=wave.number, kind="adjustment")
    assert sum(one.on_hand_change for one in moved) == -1
    assert stock_of(variant) == (2, 2)


def test_a_parcel_of_which_nothing_is_there_is_called_off():
    variant = in_stock(2)
    order = paid_order(variant=variant, quantity=2)
    wave = wave_of(order)

    _short(wave, variant.sku, 2)

    wave.refresh_from_db()
    assert order.fulfilments.get().status == "canceled"
    assert wave.status == "canceled"
    assert Shortage.objects.get().quantity == 2


def test_a_bundle_that_misses_a_part_goes_back_whole():
    cup, saucer = in_stock(4), in_stock(2)
    bundle = bundle_of({cup: 2, saucer: 1})
    order = bought({bundle: 2})
    wave = wave_of(order)
    scanned(wave, f"4*{cup.sku}")

    _short(wave, saucer.sku, 1)

    cups = wave.tasks.get(variant=cup)
    assert contents(order.fulfilments.get()) == {bundle.sku: 1}
    assert (cups.quantity, cups.picked) == (2, 2)


def test_a_missing_piece_that_others_lie_beside_waits_for_the_next_wave():
    variant = in_stock(5)
    order = paid_order(variant=variant, quantity=2)

    _short(wave_of(order), variant.sku, 1)

    assert not Shortage.objects.exists()
    assert [contents(one) for one in prepared(order)] == [{variant.sku: 1}]


def test_more_missing_than_wanted_is_refused():
    variant = in_stock(5)
    wave = wave_of(paid_order(variant=variant))

    with pytest.raises(WrongPiece):
        _short(wave, variant.sku, 2)


def test_giving_up_keeps_what_is_whole_and_puts_the_rest_back():
    one, other = in_stock(5), in_stock(5)
    whole, half = paid_order(variant=one), paid_order(variant=other, quantity=2)
    wave = wave_of(whole, half)
    scanned(wave, one.sku)
    scanned(wave, other.sku)

    picking.give_up(wave_id=wave.pk, actor=None, now=NOW)

    wave.refresh_from_db()
    assert wave.status == "canceled"
    assert whole.fulfilments.get().status == "picking"
    assert half.fulfilments.get().status == "pending"
    assert not PickTask.objects.filter(line__fulfilment__order=half).exists()
    assert wave_of(half).tasks.get().quantity == 2


def test_a_wave_that_is_over_is_not_given_up():
    variant = in_stock(5)
    wave = wave_of(paid_order(variant=variant))
    scanned(wave, variant.sku)

    with pytest.raises(WaveRefused):
        picking.give_up(wave_id=wave.pk, actor=None, now=NOW)
