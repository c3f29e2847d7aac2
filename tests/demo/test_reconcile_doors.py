"""Promises about sign-ins: each found when it is broken."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from accounts.services.doors import demo
from shop.processes.bookkeeping.doors import DOORS
from tests.demo.test_reconcile import broken
from tests.factories.people import staff

pytestmark = pytest.mark.django_db
Type = Authenticator.Type


def an_address_nobody_signs_in_with():
    EmailAddress.objects.update(email="other@example.com")


def codes_that_recover_nothing():
    Authenticator.objects.filter(type=Type.TOTP).delete()


def a_secret_in_the_open():
    Authenticator.objects.filter(type=Type.TOTP).update(data={"secret": demo.SECRET})


BREAKS = {
    "doors.addresses": an_address_nobody_signs_in_with,
    "doors.recovery": codes_that_recover_nothing,
    "doors.sealed": a_secret_in_the_open,
}


@pytest.mark.parametrize("name", [one.name for one in DOORS])
def test_a_broken_promise_of_the_doors_is_found(name):
    person = staff("owner")
    demo.give(person)
    RecoveryCodes.activate(person)
    assert broken() == set()

    BREAKS[name]()

    assert broken() == {name}
