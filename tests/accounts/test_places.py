"""How addresses are written in each country."""

import pytest
from django import forms
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.services.places import clean_postcode, needs_postcode, parts_of


def names(country):
    return [part.name for part in parts_of(country)]


@pytest.mark.parametrize(
    ("country", "order"),
    [
        ("GB", ["city", "postcode"]),
        ("DE", ["postcode", "city"]),
        ("US", ["city", "region", "postcode"]),
        ("JP", ["postcode", "region"]),
        ("HK", ["region", "city"]),
    ],
)
def test_parts_come_in_the_order_of_letters(country, order):
    assert [name for name in names(country) if name in ("city", "region", "postcode")] == order


def test_a_region_is_chosen_by_its_name_in_latin_letters():
    region = next(part for part in parts_of("JP") if part.name == "region")

    assert str(region.label) == "Prefecture"
    assert region.is_required
    assert len(region.choices) == 47
    assert all(name.isascii() for _code, name in region.choices)


def test_countries_without_rules_are_let_be():
    assert names("XX")[:2] == ["name", "company"]
    assert not needs_postcode("XX")


@pytest.mark.parametrize(
    ("typed", "country", "region", "kept"),
    [
        ("n19gu", "GB", "", "N1 9GU"),
        (" 10115 ", "DE", "", "10115"),
        ("1234ab", "NL", "", "1234AB"),
        ("90210", "US", "CA", "90210"),
        ("", "IE", "", ""),
    ],
)
def test_a_postcode_is_kept_in_its_countrys_spelling(typed, country, region, kept):
    assert clean_postcode(typed, country, region=region) == kept


@pytest.mark.parametrize(
    ("typed", "country", "region"),
    [("ABC", "GB", ""), ("1234", "DE", ""), ("10001", "US", "CA"), ("", "GB", "")],
)
def test_another_countrys_or_regions_postcode_is_refused(typed, country, region):
    with pytest.raises(forms.ValidationError):
        clean_postcode(typed, country, region=region)


@settings(max_examples=60)
@given(st.text(max_size=16), st.sampled_from(["GB", "DE", "NL", "IE", "PT"]))
def test_a_kept_postcode_is_kept_as_it_is(typed, country):
    try:
        once = clean_postcode(typed, country)
    except forms.ValidationError:
        return

    assert clean_postcode(once, country) == once
