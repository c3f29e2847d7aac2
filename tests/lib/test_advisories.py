"""Known holes in what the shop is built from."""

import datetime as dt
from pathlib import Path

import pytest

from shop.lib import advisories
from shop.lib.advisories import is_affected

TODAY = dt.datetime.now(dt.UTC).date()
LOCK = Path(__file__).parents[2] / "uv.lock"


@pytest.mark.parametrize(
    ("version", "is_in"),
    [("5.1.9", False), ("5.2", True), ("5.2.0", True), ("5.2.7", True), ("5.2.8", False),
     ("5.2.19", False), ("5.2.8rc1", False), ("6.0", False)],
)  # fmt: skip
def test_a_hole_is_in_the_versions_between_its_first_and_its_fix(version, is_in):
    assert is_affected(version, since="5.2", fixed="5.2.8") is is_in


def test_a_hole_that_was_never_mended_is_in_every_later_version():
    assert is_affected("3.0.1", since="2.2.0", fixed="")
    assert not is_affected("1.27.5", since="2.2.0", fixed="")


def test_an_old_version_is_found_by_any_spelling_of_its_name():
    [first, *_rest] = advisories.findings({"Django": ["5.2.7"]})

    assert (first.package, first.version, first.advisory) == ("django", "5.2.7", "CVE-2025-64459")
    assert first.published == dt.date(2025, 11, 5)


def test_of_several_locked_versions_each_is_looked_at():
    found = advisories.findings({"pillow": ["13.0.0", "12.1.0"]})

    assert {one.version for one in found} == {"12.1.0"}


def test_what_is_accepted_is_open_again_after_its_day():
    versions = {"PyPDF2": ["3.0.1"]}
    [hole] = advisories.findings(versions)

    assert not advisories.open_findings(versions, on=hole.until)
    assert advisories.open_findings(versions, on=hole.until + dt.timedelta(days=1)) == [hole]


def test_neither_the_lock_nor_what_is_installed_has_an_open_hole():
    assert not advisories.open_findings(advisories.locked(LOCK), on=TODAY)
    assert not advisories.open_findings(on=TODAY)


def test_the_lock_is_read_whole():
    locked = advisories.locked(LOCK)

    assert len(locked) > 100
    assert locked["django"][0].startswith("5.2.")


def test_every_entry_of_the_list_is_of_use():
    for one in advisories._list()["advisory"]:
        assert one["package"] in advisories.locked(LOCK), one["package"]
        assert all(name.startswith(("CVE-", "GHSA-", "PYSEC-")) for name in one["ids"]), one
        assert bool(one.get("accepted")) == bool(one.get("until")), one
