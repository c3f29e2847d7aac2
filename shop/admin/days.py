"""A list narrowed to days, as people mean them: both whole, by the shop's clock."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date

if TYPE_CHECKING:
    from django.contrib.admin import FieldListFilter as RangeDateFilter
else:
    from unfold.contrib.filters.admin import RangeDateFilter

ONE = dt.timedelta(days=1)


class DaysFilter(RangeDateFilter):
    """For moments: "to" a day takes in what happened on it."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:  # noqa: ARG002
        first, last = self._day("from"), self._day("to")
        if first:
            queryset = queryset.filter(**{f"{self.field_path}__gte": _midnight(first)})
        if last and last < dt.date.max:
            queryset = queryset.filter(**{f"{self.field_path}__lt": _midnight(last + ONE)})
        return queryset

    def _day(self, end: str) -> dt.date | None:
        try:
            return parse_date(str(self.used_parameters.get(f"{self.field_path}_{end}", "")))
        except ValueError:
            return None


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
