"""Asking VIES: only a plain yes proves a number; whatever else happens, nothing is proved."""

import datetime as dt
import time

import pytest

from accounts.models import VatCheck
from accounts.services import vat_numbers
from accounts.services.vat_numbers import Standing

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
GOOD, BAD = "DE325249188", "DE965067785"
TROUBLES = ["busy", "other", "unsure", "garbage", "list", "broken", "huge", "hanging_up"]


def test_a_registered_number_is_proved_with_its_receipt(register):
    check = vat_numbers.ask(number=GOOD, now=NOW, requester="IE6547363Q")

    assert check.state == VatCheck.State.VALID
    assert (check.consultation, check.holder) == ("WAPI000000000001", "KILN WORKS GMBH")
    assert vat_numbers.standing(GOOD, now=NOW) == Standing.VALID
    assert register.asked == [
        {
            "countryCode": "DE",
            "vatNumber": "325249188",
            "requesterMemberStateCode": "IE",
            "requesterNumber": "6547363Q",
        }
    ]


def test_a_number_of_our_own_that_vies_does_not_know_costs_the_receipt_only(register):
    register.mood = "strict"

    check = vat_numbers.ask(number=GOOD, now=NOW, requester="IE6547363Q")

    assert (check.state, check.consultation) == (VatCheck.State.VALID, "")


def test_a_number_that_is_not_registered_is_invalid(register):
    check = vat_numbers.ask(number=BAD, now=NOW)

    assert check.state == VatCheck.State.INVALID
    assert vat_numbers.standing(BAD, now=NOW) == Standing.INVALID


def test_a_number_nobody_asked_about_is_unproved():
    assert vat_numbers.standing(GOOD, now=NOW) == Standing.UNPROVED


@pytest.mark.parametrize("mood", TROUBLES)
def test_trouble_proves_nothing(register, mood):
    register.mood = mood

    check = vat_numbers.ask(number=GOOD, now=NOW)

    assert check.state == VatCheck.State.UNANSWERED
    assert (check.tries, check.answered_at) == (1, None)
    assert check.last_error
    assert vat_numbers.standing(GOOD, now=NOW) == Standing.UNPROVED


@pytest.mark.parametrize("mood", ["slow", "dripping"])
def test_nobody_waits_longer_than_three_seconds(register, mood):
    register.mood = mood
    started = time.monotonic()

    check = vat_numbers.ask(number=GOOD, now=NOW)

    assert check.state == VatCheck.State.UNANSWERED
    assert time.monotonic() - started < 7


def test_a_server_that_is_not_there_proves_nothing(settings):
    settings.VIES_URL = "http://127.0.0.1:9/rest-api"

    check = vat_numbers.ask(number=GOOD, now=NOW)

    assert check.state == VatCheck.State.UNANSWERED


def test_the_codes_of_vies_are_kept_for_staff(register):
    register.mood = "busy"

    assert vat_numbers.ask(number=GOOD, now=NOW).last_error == "MS_UNAVAILABLE"


def test_a_proof_counts_for_ninety_days(register):
    vat_numbers.ask(number=GOOD, now=NOW)

    assert vat_numbers.standing(GOOD, now=NOW + 90 * DAY - MINUTE) == Standing.VALID
    assert vat_numbers.standing(GOOD, now=NOW + 90 * DAY) == Standing.UNPROVED


def test_trouble_does_not_take_a_fresh_proof_away(register):
    vat_numbers.ask(number=GOOD, now=NOW)
    register.mood = "busy"

    check = vat_numbers.ask(number=GOOD, now=NOW + DAY)

    assert check.state == VatCheck.State.VALID
    assert check.last_error == "MS_UNAVAILABLE"
    assert vat_numbers.standing(GOOD, now=NOW + DAY) == Standing.VALID


def test_an_old_proof_ends_when_nobody_renews_it(register):
    vat_numbers.ask(number=GOOD, now=NOW)
    register.mood = "busy"

    check = vat_numbers.ask(number=GOOD, now=NOW + 91 * DAY)

    assert (check.state, check.consultation) == (VatCheck.State.UNANSWERED, "")


def test_the_wait_between_questions_grows(register):
    register.mood = "busy"
    vat_numbers.ask(number=GOOD, now=NOW)
    first = list(vat_numbers.due(now=NOW + MINUTE))
    vat_numbers.ask(number=GOOD, now=NOW + MINUTE)

    assert [check.number for check in first] == [GOOD]
    assert not vat_numbers.due(now=NOW + 2 * MINUTE).exists()
    assert vat_numbers.due(now=NOW + 3 * MINUTE).exists()
    assert [vat_numbers.gap(n) // MINUTE for n in (1, 2, 3, 9, 10, 60)] == [1, 2, 4, 256, 360, 360]


def test_it_is_given_up_at_last():
    VatCheck.objects.create(number=GOOD, asked_at=NOW, tries=vat_numbers.MOST_TRIES)

    assert not vat_numbers.due(now=NOW + 365 * DAY).exists()


def test_one_process_asks_about_a_number(register):
    check = VatCheck.objects.create(number=GOOD, asked_at=NOW, tries=1)

    claims = [vat_numbers.claim(check, now=NOW + MINUTE) for _process in range(2)]

    assert claims == [True, False]
