"""The walk and the packing table on a phone: plain forms, a scanner's field, words for every no."""

import pytest
from django.urls import reverse

from inventory.services import stock
from shipping.models import Box, PickWave
from tests.factories import in_stock, paid_order
from tests.factories.floor import in_bin
from tests.picking.parcels import bought, packed, prepared, wave_of

pytestmark = pytest.mark.django_db


def _wave(wave):
    return reverse("shipping:wave", args=[wave.number])


def _parcel(parcel):
    return reverse("shipping:parcel", args=[parcel.pk])


def _text(answer):
    return answer.content.decode()


def test_the_stock_room_leads_to_walks_and_to_the_packing_table(packer):
    page = _text(packer.get(reverse("inventory:floor")))

    assert reverse("shipping:picking") in page
    assert reverse("shipping:packing") in page


@pytest.mark.parametrize("name", ["picking", "packing"])
def test_others_stay_out(sign_in, name):
    assert sign_in("catalogue").get(reverse(f"shipping:{name}")).status_code == 403


def test_a_new_walk_takes_the_next_orders(packer):
    for _count in range(3):
        paid_order(variant=in_stock(5))
    place = stock.default_location()

    answer = packer.post(
        reverse("shipping:picking"), {"action": "make", "location": place.pk, "limit": "2"}
    )

    wave = PickWave.objects.get()
    assert answer["Location"] == _wave(wave)
    assert wave.fulfilments.count() == 2
    assert "1 order waits" in _text(packer.get(reverse("shipping:picking")))


def test_a_walk_without_orders_is_refused(packer):
    place = stock.default_location()

    answer = packer.post(reverse("shipping:picking"), {"location": place.pk, "limit": "2"})

    assert answer.status_code == 409
    assert "Nothing here waits" in _text(answer)


def test_a_scanned_pick_list_opens_its_walk(packer):
    wave = wave_of(paid_order(), started=False)
    address = reverse("shipping:picking")

    assert packer.get(address, {"scan": wave.number.lower()})["Location"] == _wave(wave)
    assert packer.get(address, {"scan": "WV-0"}).status_code == 409


def test_a_walk_is_started_scanned_and_ends(packer):
    variant = in_stock(5)
    in_bin(variant, "A-01")
    order = paid_order(variant=variant, quantity=2)
    wave = wave_of(order, started=False)

    packer.post(_wave(wave), {"action": "start"})
    assert f"Fetch {variant.sku} from A-01" in _text(packer.get(_wave(wave)))
    said = packer.post(_wave(wave), {"action": "scan", "scan": variant.sku}, follow=True)
    packer.post(_wave(wave), {"action": "scan", "scan": variant.sku})

    wave.refresh_from_db()
    assert "1 of 2, into box 1" in _text(said)
    assert wave.status == "picked"
    assert order.number in _text(packer.get(reverse("shipping:packing")))


def test_a_wrong_scan_is_refused_in_words_and_counts_nothing(packer):
    variant, other = in_stock(5), in_stock(5)
    wave = wave_of(paid_order(variant=variant))

    answer = packer.post(_wave(wave), {"action": "scan", "scan": other.sku})

    assert answer.status_code == 409
    assert "is not on this walk" in _text(answer)
    assert "data-refused" in _text(answer)
    assert wave.tasks.get().picked == 0


def test_a_missing_piece_is_written_down(packer):
    variant = in_stock(2)
    wave = wave_of(paid_order(variant=variant, quantity=2))
    task = wave.tasks.get()

    packer.post(_wave(wave), {"short": task.pk, f"missing_{task.pk}": "1"})
    answer = packer.post(_wave(wave), {"short": task.pk, f"missing_{task.pk}": "x"})

    task.refresh_from_db()
    assert (task.short, answer.status_code) == (1, 409)


def test_a_walk_is_given_up(packer):
    order = paid_order()
    wave = wave_of(order)

    packer.post(_wave(wave), {"action": "give_up"})

    wave.refresh_from_db()
    assert (wave.status, order.fulfilments.get().status) == ("canceled", "pending")


def test_a_packing_slip_opens_its_parcel(packer):
    (parcel,) = prepared(paid_order())
    code, address = f"{parcel.order.number}-1", reverse("shipping:packing")

    assert packer.get(address, {"scan": code})["Location"] == _parcel(parcel)
    assert packer.get(address, {"scan": parcel.order.number})["Location"] == _parcel(parcel)
    assert packer.get(address, {"scan": "99999-9"}).status_code == 404


def test_pieces_are_scanned_into_the_parcel_and_it_is_closed(packer):
    variant, other = in_stock(5), in_stock(5)
    (parcel,) = prepared(paid_order(variant=variant, quantity=2))
    box = Box.objects.create(name="M", length_mm=300, width_mm=200, height_mm=100, max_grams=9000)

    wrong = packer.post(_parcel(parcel), {"action": "scan", "scan": other.sku})
    packer.post(_parcel(parcel), {"action": "scan", "scan": variant.sku})
    early = packer.post(_parcel(parcel), {"action": "pack", "box": box.pk})
    packer.post(_parcel(parcel), {"action": "scan", "scan": variant.sku})
    again = packer.post(_parcel(parcel), {"action": "scan", "scan": variant.sku})
    packer.post(_parcel(parcel), {"action": "pack", "box": box.pk, "grams": "900"})

    parcel.refresh_from_db()
    assert "does not belong into this parcel" in _text(wrong)
    assert f"Still to be scanned: 1 × {variant.sku}" in _text(early)
    assert again.status_code == 409
    assert (parcel.status, parcel.box, parcel.grams) == ("packed", box, 900)


def test_who_scans_nothing_closes_it_by_sight(packer):
    (parcel,) = prepared(paid_order())

    packer.post(_parcel(parcel), {"action": "pack"})

    parcel.refresh_from_db()
    assert parcel.status == "packed"


def test_fragile_goods_are_pointed_out(packer):
    variant = in_stock(5)
    variant.is_fragile = True
    variant.save()
    (parcel,) = prepared(paid_order(variant=variant))

    assert "Fragile" in _text(packer.get(_parcel(parcel)))


def test_a_parcel_is_split_at_the_table(packer):
    one, other = in_stock(5), in_stock(5)
    order = bought({one: 1, other: 1})
    (parcel,) = prepared(order)
    line = order.lines.get(sku=other.sku)

    packer.post(_parcel(parcel), {"action": "split", f"out_{line.pk}": "1"})
    nothing = packer.post(_parcel(parcel), {"action": "split"})

    assert order.fulfilments.count() == 2
    assert nothing.status_code == 409


def test_a_packed_parcel_is_sent_from_the_table(packer):
    (parcel,) = packed(paid_order())

    packer.post(
        _parcel(parcel), {"action": "send", "carrier": "Royal Mail", "tracking_number": "QB7"}
    )
    again = packer.post(_parcel(parcel), {"action": "send"})

    parcel.refresh_from_db()
    assert (parcel.status, parcel.tracking_number) == ("shipped", "QB7")
    assert again.status_code == 409


def test_a_packed_parcel_is_called_off_and_its_order_picked_anew(packer):
    order = paid_order()
    (parcel,) = packed(order)

    packer.post(_parcel(parcel), {"action": "unpack"})
    again = packer.post(_parcel(parcel), {"action": "unpack"})

    parcel.refresh_from_db()
    assert (parcel.status, again.status_code) == ("canceled", 409)
    assert len(prepared(order)) == 1


def test_staff_cancel_a_packed_order_only_when_they_say_so(sign_in):
    order = paid_order(variant=in_stock(5))
    packed(order)
    page = f"{reverse('admin:orders_order_step', args=['cancellation'])}?order={order.pk}"
    manager = sign_in("manager")

    manager.post(page, {"reason": "Changed mind"})
    order.refresh_from_db()
    assert order.status == "confirmed"
    manager.post(page, {"reason": "Changed mind", "unpack": "on"})

    order.refresh_from_db()
    assert (order.status, order.fulfilments.get().status) == ("canceled", "canceled")
