"""Pages of a list that may be very long: counted exactly while that is cheap, and not endless."""

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator

# Up to here rows are counted one by one; beyond, the database says how many it expects.
COUNTED = 10_000
# Nobody reads further: whoever looks for something older narrows the list.
MOST_PAGES = 200


class BoundedPaginator(AnyPaginator):
    """For lists of millions: `count` may be an estimate, then `is_about`."""

    template_name = "admin/_about_pages.html"

    @cached_property
    def count(self) -> int:
        rows = self._rows()
        found = rows[: COUNTED + 1].count()
        return found if found <= COUNTED else max(found, expected(rows))

    @property
    def is_about(self) -> bool:
        return self.count > COUNTED

    @cached_property
    def num_pages(self) -> int:
        return min(super().num_pages, MOST_PAGES)

    def _rows(self) -> QuerySet[Any]:
        rows = self.object_list
        assert isinstance(rows, QuerySet)  # noqa: S101 - lists of the admin are
        return rows.order_by().values("pk")


def expected(rows: QuerySet[Any]) -> int:
    """How many rows the database expects, without counting them."""
    plan = json.loads(rows.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])
