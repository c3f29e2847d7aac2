"""What a browser takes, by its own words."""

import pytest

from shop.lib.compression import best_of, packed, unpacked


@pytest.mark.parametrize(
    ("accepted", "form"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("GZIP", "gzip"),
        ("br; q=0.0, gzip; q=0", ""),
        ("identity", ""),
        ("broken,,;;", ""),
        ("", ""),
    ],
)
def test_the_best_form_that_is_taken(accepted, form):
    assert best_of(accepted) == form


def test_what_is_packed_by_brotli_can_be_unpacked():
    assert unpacked(packed(b"mug " * 900, "br")) == b"mug " * 900
