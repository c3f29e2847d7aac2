"""A carrier that hangs delays no shopper beyond the time limit, and the next ones not at all."""

import time
from decimal import Decimal

import pytest

from shipping import carriers
from shipping.carriers import Asked, in_time
from shipping.carriers.base import Silent
from shipping.models import Carrier
from tests.shipping.carriers.test_formats import BUYER, PARCEL, SHOP_US

pytestmark = pytest.mark.django_db
HANGS = 30.0


def ask(carrier, service="ups_ground", **how):
    return carriers.quote(
        carrier=carrier,
        service=service,
        packages=[PARCEL],
        sender=SHOP_US,
        receiver=BUYER,
        **how,
    )


def test_a_price_is_told_for_the_service_that_is_asked_for(network, account):
    network("ups")

    found = ask(account("ups"))

    assert (found.amount, found.currency, found.days) == (Decimal("19.72"), "USD", 4)


def test_the_same_parcel_is_asked_for_once(network, account):
    asked = network("ups")
    carrier = account("ups")

    first, second = ask(carrier), ask(carrier)

    assert first == second
    assert asked.kinds() == ["quote"]


def test_two_services_of_a_carrier_are_one_question(network, account):
    asked = network("ups")
    ups = account("ups")
    wanted = [Asked(ups, "ups_ground"), Asked(ups, "ups_2nd_day_air"), Asked(ups, "ups_express")]

    found = carriers.quotes(wanted, packages=[PARCEL], sender=SHOP_US, receiver=BUYER)

    assert [one.amount if one else None for one in found] == [
        Decimal("19.72"),
        Decimal("47.1"),
        None,
    ]
    assert asked.kinds() == ["quote"]


def test_a_carrier_that_hangs_delays_one_shopper_by_the_limit_and_the_next_not_at_all(
    network, account
):
    asked = network("ups", hangs=HANGS)
    carrier = account("ups")

    started = time.monotonic()
    first = ask(carrier)
    waited = time.monotonic() - started
    second = ask(carrier)
    waited_next = time.monotonic() - started - waited

    assert (first, second) == (None, None)
    assert waited < HANGS / 3
    assert waited_next < 1
    assert asked.kinds() == ["quote"]


def test_several_that_hang_share_one_limit(network, account):
    network("ups", hangs=HANGS)
    wanted = [
        Asked(account("ups"), "ups_ground"),
        Asked(Carrier.objects.create(code="fedex", name="FedEx", adapter="ups"), "ups_ground"),
    ]

    started = time.monotonic()
    found = carriers.quotes(wanted, packages=[PARCEL], sender=SHOP_US, receiver=BUYER, timeout=1.5)

    assert found == [None, None]
    assert time.monotonic() - started < 2.9


def test_a_carrier_that_says_no_is_no_reason_to_stop_asking_about_others(network, account):
    network("ups", wrong=["quote"])
    carrier = account("ups")

    assert ask(carrier) is None
    assert not in_time.is_open(carrier.code)


def test_without_keys_nobody_is_asked(account, settings):
    settings.CARRIER_KEYS = {}

    assert ask(account("ups")) is None


def test_our_own_labels_have_the_price_of_the_table(account):
    assert ask(account("own"), service="") is None


def test_no_more_questions_are_open_than_threads_are_allowed(monkeypatch):
    for _ in range(16):
        in_time.AT_ONCE.acquire()

    with pytest.raises(Silent):
        in_time.within(1.0, lambda: 1)

    for _ in range(16):
        in_time.AT_ONCE.release()
    assert in_time.within(1.0, lambda: 1) == 1
