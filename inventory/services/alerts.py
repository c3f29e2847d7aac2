"""Alerts: what ran low or out is noticed once, told once, and over when new stock comes."""

import datetime as dt

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from accounts.models import User
from inventory.models import StockAlert, StockItem
from shop.lib.locks import try_singleton
from shop.lib.workdays import shop_day
from shop.outbox import delivery as outbox
from shop.outbox.models import post

Level = StockAlert.Level
AVAILABLE = Greatest(0, F("on_hand") - F("allocated") - F("reserved") - F("safety"))
# None: there is enough.
LEVEL = Case(
    When(left=0, then=Value(Level.OUT)), When(left__lte=F("low_at"), then=Value(Level.LOW))
)
WATCHED = Q(variant__is_active=True, location__is_active=True)


@transaction.atomic
def look(*, now: dt.datetime) -> int:
    """Open, move and close alerts. Returns how many changed."""
    if not try_singleton("stock-alerts"):
        return 0
    levels = _levels()
    open_now = {one.stock_item_id: one for one in StockAlert.objects.filter(closed_at=None)}
    over = [one for pk, one in open_now.items() if pk not in levels]
    StockAlert.objects.filter(pk__in=[one.pk for one in over]).update(closed_at=now)
    moved = [one for pk, one in open_now.items() if levels.get(pk, one.level) != one.level]
    for one in moved:
        one.level = levels[one.stock_item_id]
        # Who heard that it is low has to hear that it is out.
        one.told_at = None if one.level == Level.OUT else one.told_at
    StockAlert.objects.bulk_update(moved, ["level", "told_at"])
    new = [
        StockAlert(stock_item_id=pk, level=level, opened_at=now)
        for pk, level in levels.items()
        if pk not in open_now
    ]
    StockAlert.objects.bulk_create(new, batch_size=1000)
    return len(over) + len(moved) + len(new)


def _levels() -> dict[int, str]:
    """How low stock items are that are low or out."""
    rows = StockItem.objects.filter(WATCHED).annotate(left=AVAILABLE).annotate(level=LEVEL)
    return dict(rows.filter(level__isnull=False).values_list("pk", "level"))


def untold() -> QuerySet[StockAlert]:
    """Open alerts that nobody was told of, what is out before what is low."""
    return told_of(StockAlert.objects.filter(closed_at=None, told_at=None))


def told_of(rows: QuerySet[StockAlert]) -> QuerySet[StockAlert]:
    """Alerts as a digest lists them."""
    wanted = ("stock_item__variant__product", "stock_item__location")
    return rows.select_related(*wanted).order_by("-level", "opened_at", "pk")


@transaction.atomic
def digest(*, now: dt.datetime) -> list[StockAlert]:
    """What staff are to be told now. Each is told once."""
    rows = list(untold().select_for_update(of=("self",), skip_locked=True))
    StockAlert.objects.filter(pk__in=[one.pk for one in rows]).update(told_at=now)
    return rows


def staff() -> QuerySet[User]:
    """Who hears of it: staff who may change stock."""
    may = Q(codename="change_stockitem", content_type__app_label="inventory")
    permission = Permission.objects.filter(may).values("pk")
    allowed = Q(is_superuser=True) | Q(groups__permissions__in=permission)
    people = User.objects.filter(allowed | Q(user_permissions__in=permission))
    return people.filter(is_staff=True, is_active=True).distinct().order_by("pk")


@transaction.atomic
def tell(*, now: dt.datetime) -> int:
    """Owe staff the digest of the day. Returns how many alerts it tells of."""
    rows = digest(now=now)
    for person in staff() if rows else ():
        key = f"stock-alerts-{shop_day(now)}-{person.pk}"
        ids = [one.pk for one in rows]
        payload = {"user_id": person.pk, "alert_ids": ids, "key": key}
        post(topic="mail.stock_alerts", key=key, payload=payload, now=now)
        outbox.ring()
    return len(rows)
