"""Forecasting: every night, what each stocked variant will sell, and the stock it needs for that."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import DecimalField, ExpressionWrapper, F, Sum

from inventory.models import StockItem
from inventory.queries.policies import buying_policy
from inventory.services import forecasts
from inventory.services.conditions import conditions
from orders.models import OrderLine
from shop.lib.locks import try_singleton
from shop.lib.workdays import shop_day
from shop.processes.replenishment.demand import SOLD

YEAR = dt.timedelta(days=364)
AMOUNT: "DecimalField[object, object]" = DecimalField(max_digits=20, decimal_places=6)


@transaction.atomic(durable=True)
def forecast(*, now: dt.datetime) -> int | None:
    """Make today's forecasts the current ones; how many. None when another worker is at it."""
    if not try_singleton("replenishment.forecast"):
        return None
    _take_time()
    variant_ids = stocked()
    rows = forecasts.make(
        variant_ids=variant_ids,
        today=shop_day(now),
        conditions=conditions(
            variant_ids=variant_ids, policy=buying_policy(), values=sales_of_a_year(now=now)
        ),
    )
    return forecasts.keep(rows=rows, today=shop_day(now))


def stocked() -> list[int]:
    rows = StockItem.objects.filter(location__is_active=True).order_by("variant")
    return list(rows.values_list("variant", flat=True).distinct())


def sales_of_a_year(*, now: dt.datetime) -> dict[int, float]:
    """Net sales by variant in the books' currency, of orders that were not called off."""
    net = ExpressionWrapper(F("net") * F("order__exchange_rate"), output_field=AMOUNT)
    rows = (
        OrderLine.objects.filter(
            order__status__in=SOLD,
            order__placed_at__gt=now - YEAR,
            order__placed_at__lte=now,
            variant__isnull=False,
        )
        .order_by()
        .values("variant")
        .annotate(worth=Sum(net))
    )
    return {row["variant"]: float(row["worth"]) for row in rows}


def _take_time() -> None:
    """Lift, for this transaction, the time limits meant for web requests: reckoning takes longer."""
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0")
        cursor.execute("set local idle_in_transaction_session_timeout = 0")
