"""How VAT numbers are written, and which of them can't be any."""

import csv
from pathlib import Path

import pytest

from accounts.services import vat_numbers
from accounts.services.vat_numbers import NotAVatNumber

DATA = Path(__file__).parents[1] / "data" / "tax" / "vat_numbers.csv"


def rows(*kinds):
    with DATA.open() as lines:
        found = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return [row for row in found if row["kind"] in kinds]


RIGHT = rows("valid", "valid_after_normalising")
WRONG = rows("bad_checksum", "bad_length")


def test_the_list_has_every_country_and_every_kind():
    prefixes = {row["number"][:2].upper() for row in RIGHT}

    assert len(RIGHT) + len(WRONG) == 159
    assert prefixes == vat_numbers.PREFIXES


@pytest.mark.parametrize("row", RIGHT, ids=lambda row: row["number"])
def test_right_numbers_are_taken_as_the_register_writes_them(row):
    assert vat_numbers.check(row["number"]) == (row["normalised"] or row["number"])


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row["number"])
def test_wrong_numbers_are_refused_in_words(row):
    with pytest.raises(NotAVatNumber) as refusal:
        vat_numbers.check(row["number"])

    assert len(refusal.value.message) > 20


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("de 325.249 188", "", "DE325249188"),
        ("325 249 188", "DE", "DE325249188"),
        ("DE-325/249/188", "FR", "DE325249188"),
        ("GR020044706", "", "EL020044706"),
        ("020044706", "GR", "EL020044706"),
        ("ATU18690888", "AT", "ATU18690888"),
        ("U18690888", "AT", "ATU18690888"),
        ("32 653 628 719", "FR", "FR32653628719"),
        ("FR32653628719", "FR", "FR32653628719"),
        ("UK228453711", "", "GB228453711"),
    ],
)
def test_spellings_of_one_number(text, country, number):
    assert vat_numbers.normalise(text, country=country) == number


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("US123456789", "begins with its country"),
        ("123456789", "begins with its country"),
        ("", "begins with its country"),
        ("DE12345678", "another length"),
        ("DE325249189", "do not fit together"),
        ("DEABCDEFGHI", "written differently"),
        ("DE" + "1" * 500, "another length"),
        ("DE١٣٦٦٩٥٩٧٦", "written differently"),
        ("EU372000041", "begins with its country"),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(NotAVatNumber, match=words):
        vat_numbers.check(text)


def test_the_country_of_a_number_is_the_one_on_maps():
    countries = [vat_numbers.country_of(one) for one in ("EL1", "XI1", "DE1", "GB1")]

    assert countries == ["GR", "GB", "DE", "GB"]
