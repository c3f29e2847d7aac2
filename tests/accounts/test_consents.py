"""Consent: the newest answer counts, in the words it was given to."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Consent, ConsentText, Purpose, Visit
from accounts.services import consent_texts, consents
from tests.factories.customers import CustomerFactory

pytestmark = pytest.mark.django_db
NEWS = Purpose.NEWS


def say(act, minutes=0, purpose=NEWS, source="account", **who):
    return act(
        purpose=purpose,
        source=source,
        now=timezone.now() + dt.timedelta(minutes=minutes),
        **who,
    )


def test_nobody_agreed_who_was_never_asked():
    assert not consents.allows(customer=CustomerFactory(), purpose=NEWS)
    assert not consents.allows(email="stranger@example.com", purpose=NEWS)


def test_a_yes_counts_until_a_no_does():
    alice = CustomerFactory()

    say(consents.give, customer=alice)
    between = consents.allows(customer=alice, purpose=NEWS)
    say(consents.withdraw, 1, customer=alice)

    assert between
    assert not consents.allows(customer=alice, purpose=NEWS)
    assert consents.is_refused(customer=alice, purpose=NEWS)


def test_one_purpose_says_nothing_of_another():
    alice = CustomerFactory()

    say(consents.give, customer=alice)

    assert not consents.allows(customer=alice, purpose=Purpose.REMINDERS)


def test_keeps_the_words_the_place_and_the_time():
    alice = CustomerFactory()

    given = say(consents.give, customer=alice, source="checkout")

    assert given.text.words.startswith("Write to me by e-mail")
    assert (given.text.version, given.source) == (1, "checkout")
    assert given.at


def test_the_same_yes_twice_is_one_row():
    alice = CustomerFactory()

    first = say(consents.give, customer=alice)
    again = say(consents.give, 1, customer=alice)

    assert first == again
    assert Consent.objects.count() == 1


def test_a_yes_to_new_words_is_a_new_row():
    alice = CustomerFactory()
    say(consents.give, customer=alice)
    consent_texts.publish(purpose=NEWS, language="en-gb", words="Once a week.", now=timezone.now())

    again = say(consents.give, 1, customer=alice)

    assert again.text.version == 2
    assert [row.text.version for row in consents.history(customer=alice)] == [2, 1]


def test_new_words_leave_the_old_ones_as_they_were():
    consent_texts.publish(purpose=NEWS, language="en-gb", words="Daily.", now=timezone.now())

    texts = ConsentText.objects.filter(purpose=NEWS, language="en-gb").order_by("version")

    assert [text.version for text in texts] == [1, 2]
    assert texts[0].words != texts[1].words == "Daily."


def test_a_no_by_a_mailed_link_reaches_the_account_of_that_address():
    alice = CustomerFactory(email="Alice@example.com")
    say(consents.give, customer=alice)

    say(consents.withdraw, 1, email="alice@EXAMPLE.com ")

    assert not consents.allows(customer=alice, purpose=NEWS)
    assert not consents.allows(email="alice@example.com", purpose=NEWS)


def test_what_the_account_says_counts_for_its_address():
    alice = CustomerFactory(email="alice@example.com")

    say(consents.give, customer=alice)

    assert consents.allows(email="alice@example.com", purpose=NEWS)


@pytest.mark.parametrize("by_address", [False, True])
def test_visits_go_at_once_with_their_consent(by_address):
    alice, bob = CustomerFactory(), CustomerFactory()
    for person in (alice, bob):
        say(consents.give, purpose=Purpose.VISITS, customer=person)
        Visit.objects.create(customer=person, path="/", at=timezone.now())
    who = {"email": alice.email} if by_address else {"customer": alice}

    say(consents.withdraw, 1, purpose=Purpose.VISITS, **who)

    assert [visit.customer for visit in Visit.objects.all()] == [bob]


def test_standing_names_the_answer_that_counts_by_purpose():
    alice = CustomerFactory()
    say(consents.give, customer=alice)
    say(consents.give, purpose=Purpose.SMS, customer=alice)
    say(consents.withdraw, 1, customer=alice)

    standing = consents.standing(customer=alice)

    assert {purpose: row.is_given for purpose, row in standing.items()} == {
        "news": False,
        "sms": True,
    }
