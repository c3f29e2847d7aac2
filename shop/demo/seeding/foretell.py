"""A night of the shop that is told at once: demand, forecasts, draft orders, a look at low stock."""

import datetime as dt
from collections.abc import Callable

from inventory.services import alerts
from shop.processes.replenishment import demand, forecasting, suggesting


def fill(*, now: dt.datetime, say: Callable[[str], None]) -> None:
    say(f"{demand.count(now=now):,} weeks of demand")
    say(f"{forecasting.forecast(now=now) or 0:,} forecasts")
    suggested = suggesting.suggest(now=now)
    say(f"{len(suggested.orders) if suggested else 0} purchase orders suggested")
    alerts.look(now=now)
