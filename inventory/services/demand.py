"""Demand by week: kept, and read back as histories for forecasts."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import transaction

from inventory.models import DemandWeek
from inventory.services.forecasting.cleaning import clean

WEEK = dt.timedelta(days=7)
# Two years: a season is seen twice.
WEEKS = 104
FIELDS = ("units", "promoted", "days_out")


def monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


@transaction.atomic
def keep(*, weeks: Iterable[DemandWeek], since: dt.date, until: dt.date) -> int:
    """Write the weeks from one Monday up to (not including) another; what is not told goes.

    A variant's first week stays though nothing was sold in it: it says since when there is demand.
    """
    rows = list(weeks)
    told = {(row.variant_id, row.week_on) for row in rows}
    kept = DemandWeek.objects.filter(week_on__gte=since, week_on__lt=until)
    gone = [
        pk for pk, *key in kept.values_list("pk", "variant_id", "week_on") if tuple(key) not in told
    ]
    DemandWeek.objects.filter(pk__in=gone).update(units=0, promoted=0, days_out=0)
    DemandWeek.objects.bulk_create(
        rows,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["variant", "week_on"],
        update_fields=FIELDS,
    )
    return len(rows)


@dataclass(frozen=True, kw_only=True)
class Histories:
    """Of every variant, in the order of variant_ids (a row each); weeks are columns."""

    variant_ids: Sequence[int]
    cleaned: npt.NDArray[np.float64]
    sold: npt.NDArray[np.float64]
    born: npt.NDArray[np.int64]  # the column of its first week; beyond the last: none yet


def histories(*, variant_ids: Collection[int], until: dt.date, weeks: int = WEEKS) -> Histories:
    """Whole weeks before the Monday `until`, cleaned. Starts where the oldest kept week is."""
    order = sorted(variant_ids)
    rows = list(
        DemandWeek.objects.filter(
            variant__in=order, week_on__lt=until, week_on__gte=until - weeks * WEEK
        ).values_list("variant_id", "week_on", *FIELDS)
    )
    first = min((row[1] for row in rows), default=until - WEEK)
    columns = (until - first) // WEEK
    place = {variant: number for number, variant in enumerate(order)}
    told = np.zeros((len(FIELDS), len(order), columns))
    born = np.full(len(order), columns)
    for variant, week_on, *values in rows:
        row, column = place[variant], (week_on - first) // WEEK
        told[:, row, column] = values
        born[row] = min(born[row], column)
    units, promoted, days_out = told
    return Histories(
        variant_ids=order,
        cleaned=clean(units, promoted=promoted, days_out=days_out),
        sold=units,
        born=born,
    )
