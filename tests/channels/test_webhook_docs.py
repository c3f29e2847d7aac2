"""What docs/webhooks.md promises to whoever listens."""

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import timezone

from channels.services.webhooks.terms import PING, TOPICS
from shop.lib.signatures import sign, sign_with

TEXT = (Path(__file__).parents[2] / "docs/webhooks.md").read_text()
OURS = "whsec_ours"


@pytest.fixture
def is_ours():
    """The function that the page gives to copy."""
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names = {}
    exec(code, names)  # noqa: S102 — our own page
    return names["is_ours"]


def test_the_page_names_every_topic():
    assert {topic for topic in [*TOPICS, PING] if f"`{topic}`" not in TEXT} == set()


def test_the_example_accepts_what_we_sign(is_ours):
    assert is_ours(b"{}", sign(b"{}", secret=OURS, now=timezone.now()), OURS)


def test_the_example_accepts_either_secret_while_one_replaces_the_other(is_ours):
    header = sign_with(b"{}", secrets=["whsec_new", OURS], now=timezone.now())

    assert is_ours(b"{}", header, OURS)
    assert is_ours(b"{}", header, "whsec_new")


def test_the_example_refuses_what_is_changed_old_or_anothers(is_ours):
    header = sign(b"{}", secret=OURS, now=timezone.now())
    old = sign(b"{}", secret=OURS, now=timezone.now() - dt.timedelta(minutes=6))

    assert not is_ours(b"{ }", header, OURS)
    assert not is_ours(b"{}", header, "whsec_another")
    assert not is_ours(b"{}", old, OURS)
