"""The internet address a request comes from: ours to tell, never the caller's."""

import pytest
from django.test import RequestFactory

from shop.lib.http import client_address

requests = RequestFactory()


@pytest.mark.parametrize(
    ("remote", "kept"),
    [
        ("81.2.69.142", "81.2.69.142"),
        ("2A00:23C4:1:2:0:0:0:1", "2a00:23c4:1:2::1"),
        ("::ffff:81.2.69.142", "81.2.69.142"),
        ("fe80::1%eth0", "fe80::1"),
        ("", None),
        ("unix:", None),
        ("81.2.69.142:4711", "81.2.69.142"),
    ],
)
def test_an_address_is_kept_in_one_spelling_or_not_at_all(remote, kept):
    assert client_address(requests.get("/", REMOTE_ADDR=remote)) == kept
