"""Rows that are read within another query, told as JSON: for columns that JSON has a form for."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model
from django.db.models.functions import JSONObject

M = TypeVar("M", bound=Model)


def as_json(model: type[Model], way: str = "", **more: Any) -> JSONObject:
    """All columns of a row, for a subquery. way: to the row; more: what is told beside them."""
    columns = model._meta.concrete_fields  # noqa: SLF001
    return JSONObject(**{one.attname: f"{way}{one.attname}" for one in columns}, **more)


def from_json(model: type[M], told: Iterable[Mapping[str, Any]]) -> list[M]:
    names = [one.attname for one in model._meta.concrete_fields]  # noqa: SLF001
    return [model.from_db("default", names, [one[name] for name in names]) for one in told]
