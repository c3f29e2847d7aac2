"""Rows that are read within another query, told as JSON: for columns that JSON has a form for."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, JSONField, Model
from django.db.models.functions import JSONArray, JSONObject

M = TypeVar("M", bound=Model)


class ReadAlready(JSONField):
    """Of PostgreSQL's type json, which psycopg reads by itself."""

    def from_db_value(self, value: Any, *_about: Any) -> Any:
        return value


class _Told(Func):
    """Of type json. Django's is jsonb, which PostgreSQL takes apart and sorts by name, and puts together
    again to send it."""

    output_field: Any = ReadAlready()

    def as_native(self, compiler: Any, connection: Any, **options: Any) -> Any:
        options["returning"] = "JSON"
        return super().as_native(compiler, connection, **options)  # type: ignore[misc]


class ToldRow(_Told, JSONObject):
    """A row by the names of its values."""


class ToldValues(_Told, JSONArray):
    """A row as the list of its values."""


class ToldRows(ArraySubquery):
    """The rows of a subquery of these, in its order, as one text: an array would quote each of them."""

    template = "array_to_json(ARRAY(%(subquery)s))"
    output_field = ReadAlready()  # type: ignore[assignment]


def as_json(model: type[Model], way: str = "", **more: Any) -> ToldRow:
    """All columns of a row, for a subquery. way: to the row; more: what is told beside them."""
    columns = model._meta.concrete_fields  # noqa: SLF001
    return ToldRow(**{one.attname: f"{way}{one.attname}" for one in columns}, **more)


def from_json(model: type[M], told: Iterable[Mapping[str, Any]]) -> list[M]:
    names = [one.attname for one in model._meta.concrete_fields]  # noqa: SLF001
    return [model.from_db("default", names, [one[name] for name in names]) for one in told]
