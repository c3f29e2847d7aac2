"""Who may see what, at every address of the project: what the tables say, and no more.

pages.toml has a row for every address, staff_site.toml one for every model of the staff site. An
address without a row fails: somebody has to decide who comes in.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.walk.addresses import (
    HISTORY,
    NOWHERE,
    VERBS,
    every_address,
    models_of_staff_site,
    usual_names,
)
from tests.walk.people import PEOPLE, ROLES, SHOPPERS, browsers
from tests.walk.walking import COMES_IN, LETTERS, LOGIN, answer, of_staff_site
from tests.walk.world import make_world

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent


@cache
def table(name):
    return tomllib.loads((HERE / f"{name}.toml").read_text())


@pytest.fixture
def world(demo_market):
    return make_world()


def test_every_address_has_a_row_and_every_row_an_address():
    found = {one.name for one in every_address() if one.name} - usual_names()

    assert set(table("pages")) == found
    assert sorted(table("staff_site")) == models_of_staff_site()


@pytest.mark.parametrize("person", PEOPLE)
def test_pages_let_in_whom_the_table_names(world, person):
    browser = browsers()[person]
    usual, column = usual_names(), PEOPLE.index(person)
    rows = {
        one: table("pages")[one.name].replace(" ", "")[column]
        for one in every_address()
        if one.name and one.name not in usual
    }

    answers = {one: answer(browser, one, world) for one in rows}

    assert {one: told for one, told in answers.items() if told != rows[one]} == {}


@pytest.mark.parametrize("role", ROLES)
def test_the_staff_site_opens_what_the_table_names(world, role):
    browser, usual = browsers()[role], usual_names()
    may = {name: row.get(role, "") for name, row in table("staff_site").items()}
    wrong = {}

    for one in every_address():
        if one.name in usual and not is_history_of_nothing(one):
            model, letter = _model_and_letter(one.name)
            comes_in = answer(browser, one, world) == COMES_IN
            if comes_in != (letter in may[model]):
                wrong[one.name] = "comes in" if comes_in else "is kept out"

    assert wrong == {}


@pytest.mark.parametrize("person", SHOPPERS)
def test_nobody_from_outside_comes_into_the_staff_site(world, person):
    browser, usual = browsers()[person], usual_names()

    answers = {
        one.name: answer(browser, one, world) for one in every_address() if one.name in usual
    }

    assert set(answers.values()) <= {LOGIN, LETTERS[403]}, {
        name: told for name, told in answers.items() if told == COMES_IN
    }


def is_history_of_nothing(address):
    """Django says where it went before it asks who wants to know: there is nothing to guard."""
    return address.name.endswith(HISTORY) and of_staff_site(address)["object_id"] == NOWHERE


def _model_and_letter(name):
    """Whoever opens a thing may read its history."""
    plain = name.removeprefix("admin:")
    verbs = [*VERBS.items(), ("o", HISTORY)]
    for letter, verb in sorted(verbs, key=lambda it: -len(it[1])):
        if plain.endswith(f"_{verb}"):
            return plain.removesuffix(f"_{verb}"), letter
    raise LookupError(name)
