"""The description of the API, as the page about it shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from shop.api.v1 import api

Json = Mapping[str, Any]
GOOD = 300


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A parameter, or a part of what is sent or answered."""

    name: str
    kind: str
    is_required: bool
    text: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Something with parts. name: as the others call it, and its anchor on the page."""

    name: str
    text: str
    fields: Sequence[FieldRow]


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One thing that can be asked."""

    method: str
    path: str
    text: str
    scope: str
    parameters: Sequence[FieldRow]
    body: str
    status: str
    answer: str


def operations(described: Json) -> Iterator[OperationRow]:
    """Everything that can be asked, in the order of the addresses."""
    for path, methods in described["paths"].items():
        for method, details in methods.items():
            yield _operation(method.upper(), path, details)


def shapes(described: Json) -> Iterator[Shape]:
    """Everything that has parts, by name."""
    for name, schema in sorted(described["components"]["schemas"].items()):
        if "properties" in schema:
            yield Shape(name, schema.get("description", ""), list(_fields(schema)))


def description() -> Json:
    return api.get_openapi_schema()


def _operation(method: str, path: str, details: Json) -> OperationRow:
    status, answer = next(
        (code, answer) for code, answer in details["responses"].items() if code < GOOD
    )
    body = details.get("requestBody")
    return OperationRow(
        method=method,
        path=path,
        text=details.get("description", ""),
        scope=details["x-scope"],
        parameters=[_parameter(one) for one in details["parameters"]],
        body=_content(body) if body else "",
        status=str(status),
        answer=_content(answer),
    )


def _content(part: Json) -> str:
    (content,) = part["content"].values()
    return _kind(content["schema"])


def _parameter(one: Json) -> FieldRow:
    return FieldRow(one["name"], _kind(one["schema"]), one["required"], one.get("description", ""))


def _fields(schema: Json) -> Iterator[FieldRow]:
    required = schema.get("required", ())
    for name, part in schema["properties"].items():
        yield FieldRow(name, _kind(part), name in required, part.get("description", ""))


def _kind(schema: Json) -> str:
    """In a few words what a value is: "integer", "list of LineShape", "text or nothing"."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return ", ".join(str(value) or _("nothing") for value in schema["enum"])
    if "anyOf" in schema:
        return _(" or ").join(dict.fromkeys(_kind(one) for one in schema["anyOf"]))
    if "allOf" in schema:
        return _kind(schema["allOf"][0])
    if schema.get("type") == "array":
        return _("list of %(kind)s") % {"kind": _kind(schema["items"])}
    return _plain(schema)


def _plain(schema: Json) -> str:
    if schema.get("format") == "date-time":
        return _("moment")
    words = {"integer": _("number"), "string": _("text"), "boolean": _("yes or no")}
    return words.get(schema.get("type", ""), _("nothing"))
