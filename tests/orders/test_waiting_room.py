"""The line before the checkout: first come, first served, whatever the numbers in the browser say."""

import datetime as dt

import pytest

from orders.services import waiting_room
from orders.services.waiting_room import Ticket

NOW = dt.datetime(2026, 11, 27, 12, 0, tzinfo=dt.UTC)


def after(seconds):
    return NOW + dt.timedelta(seconds=seconds)


def come(now=NOW):
    """Somebody without a ticket: in, or with one from now on."""
    return waiting_room.knock(ticket=None, takes=True, now=now)


def again(turn, now):
    return waiting_room.knock(ticket=turn.ticket, takes=False, now=now)


@pytest.fixture(autouse=True)
def four_a_minute(settings):
    """One place at once, and one more every fifteen seconds."""
    settings.CHECKOUTS_PER_MINUTE = 4


def test_where_few_come_everybody_is_let_in_at_once():
    turns = [come(after(15 * number)) for number in range(5)]

    assert all(turn.is_in and not turn.is_open for turn in turns)


def test_more_than_the_shop_serves_well_wait_in_the_order_they_came():
    first, second, third = come(), come(), come()

    assert (first.is_in, second.is_in, third.is_in) == (True, False, False)
    assert (second.ahead, third.ahead) == (1, 2)
    assert not again(third, after(15)).is_in
    assert again(second, after(15)).is_in
    assert again(third, after(30)).is_in


def test_whoever_comes_later_does_not_get_past_those_who_wait():
    come()
    waiting = come()

    late = come(after(15))

    assert not late.is_in
    assert again(waiting, after(15)).is_in


def test_looking_often_brings_nobody_nearer():
    come()
    patient, hasty = come(), come()
    for second in range(1, 15):
        assert not again(hasty, after(second)).is_in

    assert again(patient, after(16)).is_in
    assert not again(hasty, after(16)).is_in


def test_those_who_went_home_hold_nobody_up():
    come()
    gone = [come() for _who in range(30)]
    last = come()

    # In order it would be their turn after 31 places: 465 seconds.
    assert not again(last, after(15)).is_in
    assert again(last, after(90)).is_in
    assert not again(gone[0], after(90)).is_in, "one place was free, and it was taken"


def test_after_the_crush_the_door_stands_open_again():
    come()
    again(come(), after(15))

    assert come(after(20)).is_open
    assert not waiting_room.look(now=after(90)).is_open
    assert come(after(120)).is_in


def test_the_more_wait_the_less_often_they_look_again():
    few = waiting_room.Turn("1", 3, False, 40, 50, 10, True, False, 0)
    many = waiting_room.Turn("1", 1900, False, 1900, 2000, 300, True, False, 0)
    near = waiting_room.Turn("1", 12, False, 2, 2000, 300, True, False, 0)

    assert few.look_again == 5
    assert 40 <= many.look_again <= 80
    assert near.look_again == 5


def test_staff_open_it_ahead_and_everybody_takes_a_ticket():
    waiting_room.open_room(per_minute=60, now=NOW)

    turn = come()

    assert not turn.is_in
    assert turn.is_opened_by_staff
    assert again(turn, after(1)).is_in


def test_staff_let_nobody_in_until_the_sale_starts():
    waiting_room.open_room(per_minute=0, now=NOW)
    turn = come()
    assert turn.seconds is None
    assert not again(turn, after(3600)).is_in

    waiting_room.open_room(per_minute=60, now=after(3600))

    assert again(turn, after(3602)).is_in


def test_closed_by_staff_it_lets_in_as_fast_as_usual():
    waiting_room.open_room(per_minute=0, now=NOW)
    turn = come()

    waiting_room.close_room(now=after(10))

    assert not waiting_room.look(now=after(10)).is_opened_by_staff
    assert again(turn, after(30)).is_in


def test_while_orders_take_long_fewer_are_let_in():
    inside = come()
    waiting_room.ordered(ticket=inside.ticket, seconds=2, now=NOW)

    assert waiting_room.look(now=NOW).per_minute == 1
    assert waiting_room.look(now=after(61)).per_minute == 4


def test_where_requests_queue_nobody_goes_in_ahead_of_the_clock(settings):
    """In a quiet shop three seconds' worth come in at once; where they wait for a thread, two's."""
    settings.CHECKOUTS_PER_MINUTE = 60
    quiet = [come() for _who in range(3)]
    late = after(300)

    full = [waiting_room.knock(ticket=None, takes=True, now=late, queued=1.5) for _who in range(5)]

    assert all(turn.is_in for turn in quiet)
    assert [turn.is_in for turn in full] == [True, True, False, False, False]
    assert full[-1].per_minute < 60


def test_when_nobody_queues_any_more_many_may_come_in_at_once_again(settings):
    settings.CHECKOUTS_PER_MINUTE = 60
    waiting_room.knock(ticket=None, takes=True, now=NOW, queued=9)

    turns = [come(after(120)) for _who in range(3)]

    assert all(turn.is_in for turn in turns)


def test_a_pass_is_for_one_order():
    inside = come()
    assert not waiting_room.is_used(inside.ticket)

    waiting_room.ordered(ticket=inside.ticket, seconds=0.2, now=NOW)

    assert waiting_room.is_used(inside.ticket)


def test_a_ticket_of_a_line_that_was_forgotten_is_none():
    come()

    forgotten = waiting_room.knock(ticket=Ticket("123", 1), takes=False, now=NOW)

    assert (forgotten.number, forgotten.is_in) == (0, False)


def test_what_happened_is_counted_by_the_minute_and_nobody_is_kept():
    inside = come()
    come()
    waiting_room.ordered(ticket=inside.ticket, seconds=0.2, now=NOW)

    newest, before = waiting_room.minutes(last=2, now=after(30))

    assert (newest.at, newest.came, newest.let_in, newest.ordered) == (NOW, 2, 1, 1)
    assert (before.came, before.let_in, before.ordered) == (0, 0, 0)


@pytest.mark.parametrize("kept", ["", "w1.2", "w1.2:x:y", "p1.1:1tXyZ:forged"])
def test_a_number_that_the_shop_did_not_sign_counts_for_nothing(kept):
    assert waiting_room.ticket_in(kept) is None
    assert waiting_room.pass_in(kept, sends=True) is None


def test_a_ticket_is_no_pass_and_a_pass_no_ticket():
    ticket, held = Ticket("1", 2), Ticket("1", 2, is_pass=True)

    assert waiting_room.ticket_in(waiting_room.signed(ticket)) == ticket
    assert waiting_room.pass_in(waiting_room.signed(ticket), sends=True) is None
    assert waiting_room.pass_in(waiting_room.signed(held), sends=False) == held
    assert waiting_room.ticket_in(waiting_room.signed(held)) is None


def test_places_and_passes_end(time_machine):
    time_machine.move_to(NOW, tick=False)
    ticket = waiting_room.signed(Ticket("1", 2))
    held = waiting_room.signed(Ticket("1", 1, is_pass=True))

    time_machine.move_to(after(9 * 60))
    assert waiting_room.ticket_in(ticket)
    time_machine.move_to(after(11 * 60))
    assert waiting_room.ticket_in(ticket) is None
    time_machine.move_to(after(16 * 60))
    assert waiting_room.pass_in(held, sends=False) is None
    assert waiting_room.pass_in(held, sends=True), "who fills in the form may still send it"
    time_machine.move_to(after(61 * 60))
    assert waiting_room.pass_in(held, sends=True) is None
