"""Long lists, a page at a time: a cursor goes on where the page before ended."""

from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Query, Schema
from pydantic import Field

MOST = 200
AFTER = "after-"
M = TypeVar("M", bound=Model)
Limit = Annotated[int, Query(ge=1, le=MOST, description="Entries on a page.")]
Cursor = Annotated[
    str,
    Query(
        pattern=r"^(after-[0-9]{1,18})?$",
        description="`next` of the page before; empty for the first page.",
    ),
]
Next = Annotated[
    str | None, Field(description="Cursor of the next page; null when this one is the last.")
]


class Page(Schema):
    """A page of a list, in the order in which things were added."""

    next: Next


def cut(rows: "QuerySet[M]", *, cursor: str, limit: int) -> dict[str, Any]:
    """The page after the cursor as {"data": [rows], "next": cursor}."""
    begin = int(cursor.removeprefix(AFTER) or 0)
    # One more than asked tells whether anything comes after them.
    found = list(rows.filter(pk__gt=begin).order_by("pk")[: limit + 1])
    page = found[:limit]
    return {"data": page, "next": f"{AFTER}{page[-1].pk}" if len(found) > limit else None}
