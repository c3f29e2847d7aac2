"""The map of personal fields names every field there is, and what becomes of it."""

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from shop.processes.privacy.fields import COLLEAGUES, FIELDS, NOT_PERSONAL, OnErase
from shop.processes.privacy.redacting import in_order
from shop.processes.privacy.whose import FINDERS, IN_WORDS

# Figures, days, yes and no, and other rows can't hold a name.
TELLING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
    models.BinaryField,
    ArrayField,
)
# The framework's own words: no row of these is about a person.
FRAMEWORK = {"contenttypes.ContentType", "auth.Permission", "auth.Group"}


def can_tell(field):
    return isinstance(field, TELLING) and not field.choices


def telling():
    """Every field of every table that could say something about somebody."""
    return {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if can_tell(field)
    }


def listed(*maps):
    return {(model, field) for one in maps for model, fields in one.items() for field in fields}


def test_every_field_that_can_tell_something_is_on_the_map():
    assert telling() - listed(FIELDS, NOT_PERSONAL) == set()


def test_the_map_names_no_field_that_is_gone():
    fields = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }

    assert listed(FIELDS, NOT_PERSONAL) - fields == set()


def test_no_field_is_both():
    assert listed(FIELDS) & listed(NOT_PERSONAL) == set()


@pytest.mark.parametrize("name", ["email", "phone", "name", "line1", "ip", "user_agent"])
def test_no_field_called_like_a_person_is_held_for_impersonal(name):
    colleagues = {label: fields.split() for label, fields in COLLEAGUES.items()}

    found = {
        model
        for model, field in listed(NOT_PERSONAL) - listed(colleagues)
        if field == name and name not in {"name", "line1"}
    }

    assert found == set()


def test_a_row_that_goes_goes_with_all_its_fields():
    for model, fields in FIELDS.items():
        ends = {about.on_erase for about in fields.values()}

        assert ends == {OnErase.DELETE} or OnErase.DELETE not in ends, model


def test_every_table_of_the_map_is_found_by_a_person():
    assert FINDERS.keys() | IN_WORDS.keys() == FIELDS.keys()
    assert sorted(in_order()) == sorted(FIELDS)
