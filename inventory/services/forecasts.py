"""Forecasts of variants: made from kept demand, with the levels of stock that follow."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np
from django.db import transaction

from inventory.models import Forecast
from inventory.services import classes, demand, reorder
from inventory.services.conditions import Conditions
from inventory.services.demand import monday
from inventory.services.forecasting import Outlook, forecast
from inventory.services.reorder import Demand, Lead, Terms

AHEAD = 8
KEPT = dt.timedelta(weeks=26)
# Weeks by whose evenness a piece is called X, Y or Z.
HALF_YEAR = 26
# Series that are reckoned at once: they learn from one another, and have to fit in memory.
AT_ONCE = 5_000
PLACES = Decimal("0.001")
# Errors beyond this many times the sales say nothing more.
MOST = Decimal("99999.999")


def make(*, variant_ids: Sequence[int], today: dt.date, conditions: Conditions) -> list[Forecast]:
    """A row for each, not saved yet."""
    values = [conditions.values.get(one, 0.0) for one in variant_ids]
    ranks = dict(zip(variant_ids, classes.abc(values), strict=True))
    rows = []
    for start in range(0, len(variant_ids), AT_ONCE):
        for row in _made(variant_ids[start : start + AT_ONCE], today, conditions):
            row.abc = ranks[row.variant_id]
            rows.append(row)
    return rows


def _made(variant_ids: Sequence[int], today: dt.date, conditions: Conditions) -> Iterator[Forecast]:
    week = monday(today)
    past = demand.histories(variant_ids=variant_ids, until=week)
    outlook = forecast(past.cleaned, ahead=AHEAD, born=past.born)
    evenness = classes.xyz(past.cleaned[:, -HALF_YEAR:])
    for place, variant in enumerate(past.variant_ids):
        row = _row(outlook, place, lead=conditions.leads[variant], terms=conditions.terms[variant])
        row.variant_id, row.made_on, row.first_week_on = variant, today, week
        row.xyz = evenness[place]
        yield row


@transaction.atomic
def keep(*, rows: Sequence[Forecast], today: dt.date) -> int:
    """Make these the current ones. A second run of a day replaces the first; old ones go."""
    Forecast.objects.filter(made_on=today).delete()
    Forecast.objects.filter(made_on__lt=today - KEPT).delete()
    Forecast.objects.filter(is_current=True).update(is_current=False)
    return len(Forecast.objects.bulk_create(rows, batch_size=1_000))


def _row(outlook: Outlook, place: int, *, lead: Lead, terms: Terms) -> Forecast:
    weekly, sigma = float(outlook.rate[place]), float(outlook.sigma[place])
    levels = reorder.levels(demand=Demand(weekly=weekly, sigma=sigma), lead=lead, terms=terms)
    return Forecast(
        method=outlook.method[place],
        pattern=str(outlook.pattern[place]),
        mean=[round(float(units), 2) for units in outlook.weeks[place]],
        low=[math.floor(units) for units in outlook.low[place]],
        high=[math.ceil(units) for units in outlook.high[place]],
        weekly=Decimal(weekly).quantize(PLACES),
        sigma=Decimal(sigma).quantize(PLACES),
        wape=_share(outlook.record.wape[place]),
        bias=_share(outlook.record.bias[place]),
        mase=_share(outlook.record.mase[place]),
        lead_days=round(lead.days),
        service_level=Decimal(terms.service_level).quantize(PLACES),
        safety_stock=levels.safety_stock,
        reorder_point=levels.reorder_point,
        order_up_to=levels.order_up_to,
    )


def _share(share: np.float64) -> Decimal | None:
    if np.isnan(share):
        return None
    return min(Decimal(float(share)).quantize(PLACES), MOST)
