"""docs/security.md keeps its word: what it names is there, and nothing is left out."""

import re

from tests.house.files import ROOT, name_of, project_files

DOC = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
CHAPTERS = [*(f"V{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 13, 14, 15, 16)), "V11, V12"]
ACTS = ["2011/83", "2023/2673", "98/6/EC", "2023/988", "2024/825", "2019/882", "GDPR", "ePrivacy",
        "PSD2", "2024/3228"]  # fmt: skip
KINDS = range(1, 35)


def rows():
    return [line.split(" | ") for line in DOC.splitlines() if line.startswith("| ")]


def test_every_test_it_names_is_there():
    gone = [
        f"{path}::{name}"
        for path, name in NAMED.findall(DOC)
        if not (ROOT / path).is_file()
        or not re.search(rf"^ *def {name}\b", (ROOT / path).read_text(), re.MULTILINE)
    ]

    assert not gone


def test_no_requirement_act_or_kind_of_attack_is_left_out():
    first = [row[0].removeprefix("| ") for row in rows()]

    assert not [one for one in CHAPTERS if not any(cell.startswith(one) for cell in first)]
    assert not [one for one in ACTS if not any(one in cell for cell in first)]
    assert not [number for number in KINDS if str(number) not in first]


def test_every_line_is_proved_or_says_why_not():
    words = ("Does not apply", "Not built")
    bare = [
        row[0]
        for row in rows()
        if row[0] not in ("| chapter", "| act", "| number", "| ---")
        and not NAMED.search(row[-1])
        and not row[-1].startswith(words)
    ]

    assert not bare


def test_nothing_links_to_the_platform_that_closed():
    linking = [
        name_of(path)
        for path in project_files(".html", ".py", ".txt")
        if "ec.europa.eu/consumers/" + "odr" in path.read_text()
    ]

    assert not linking
