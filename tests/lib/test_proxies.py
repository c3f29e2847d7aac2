"""X-Forwarded-For: believed from our own proxies, from nobody else."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from shop.lib.http import client_address
from shop.lib.proxies import Trusted, told_by_proxies

PROXIES = ["10.0.3.7/32", "fd00::/8"]


@pytest.fixture
def told(settings):
    """What a view sees of a request from `peer`: its META."""

    def ask(peer, hops=None, *, places=PROXIES, **meta):
        settings.TRUSTED_PROXIES = places
        seen = {}

        def view(request):
            seen.update(request.META, address=client_address(request))
            return HttpResponse()

        headers = {} if hops is None else {"HTTP_X_FORWARDED_FOR": hops}
        told_by_proxies(view)(RequestFactory().get("/", REMOTE_ADDR=peer, **headers, **meta))
        return seen

    return ask


def test_a_stranger_can_not_say_who_it_is(told):
    assert told("192.0.2.7", "81.2.69.142")["address"] == "192.0.2.7"


def test_shoppers_behind_our_proxy_are_told_apart(told):
    seen = {told("10.0.3.7", f"192.0.2.{number}")["address"] for number in range(5)}

    assert len(seen) == 5


def test_a_made_up_hop_in_front_of_the_real_one_is_not_read(told):
    assert told("10.0.3.7", "10.9.9.9, 1.1.1.1, 81.2.69.142")["address"] == "81.2.69.142"


def test_two_proxies_of_ours_in_a_row_are_both_passed(told):
    seen = told("10.0.3.7", "1.1.1.1, 81.2.69.142, fd00::5")

    assert seen["address"] == "81.2.69.142"


def test_a_neighbour_of_the_proxy_is_no_proxy(told):
    assert told("10.0.3.8", "81.2.69.142")["address"] == "10.0.3.8"


@pytest.mark.parametrize(
    ("hops", "address"),
    [
        ("81.2.69.142:4711", "81.2.69.142"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("2001:DB8:0::1", "2001:db8::1"),
        ("::ffff:81.2.69.142", "81.2.69.142"),
        ("not an address", None),
        ("81.2.69.142, ", None),
        ("", "10.0.3.7"),
        (None, "10.0.3.7"),
    ],
)
def test_a_hop_is_read_however_a_proxy_writes_it(told, hops, address):
    assert told("10.0.3.7", hops)["address"] == address


def test_a_socket_of_this_machine_is_a_proxy_when_it_is_said_so(told):
    assert told("", "81.2.69.142", places=["unix"])["address"] == "81.2.69.142"
    assert told("", "81.2.69.142")["address"] is None


def test_nothing_a_stranger_says_about_the_way_here_is_passed_on(told):
    said = {"HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_HOST": "evil.example"}

    from_outside, from_proxy = told("192.0.2.7", **said), told("10.0.3.7", **said)

    assert not {name for name in from_outside if "FORWARDED" in name}
    assert from_proxy["HTTP_X_FORWARDED_PROTO"] == "https"


def test_whoever_writes_the_settings_wrong_is_told_at_once():
    with pytest.raises(ValueError, match="mercer"):
        Trusted(["mercer.example"])
