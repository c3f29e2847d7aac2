"""What stock adds up to, as the database says it."""

from collections import Counter

from django.db import connection
from django.db.models import F, Sum

from inventory.models import Allocation, Backorder, Batch, Reservation, Shortage, StockItem

SKU, PLACE = "stock_item__variant__sku", "stock_item__location__code"
# Each finds rows that contradict each other.
RULES = {
    "movements": """
        select s.id from inventory_stockitem s
        left join inventory_stockmovement m on m.stock_item_id = s.id group by s.id
        having s.on_hand <> coalesce(sum(m.on_hand_change), 0)
            or s.allocated <> coalesce(sum(m.allocated_change), 0)
            or s.damaged <> coalesce(sum(m.damaged_change), 0)""",
    "reservations": """
        select s.id from inventory_stockitem s
        left join inventory_reservation r on r.stock_item_id = s.id group by s.id
        having s.reserved <> coalesce(sum(r.quantity), 0)""",
    "allocations": """
        select s.id from inventory_stockitem s
        left join inventory_allocation a on a.stock_item_id = s.id group by s.id
        having s.allocated <> coalesce(sum(a.quantity), 0)""",
    "batches": """
        select s.id from inventory_stockitem s
        join inventory_stockpolicy p on p.variant_id = s.variant_id and p.tracks_batches
        left join inventory_batch b on b.stock_item_id = s.id group by s.id
        having s.on_hand <> coalesce(sum(b.on_hand), 0)""",
    "batches moved": """
        select b.id from inventory_batch b
        left join inventory_stockmovement m on m.batch_id = b.id group by b.id
        having b.on_hand <> coalesce(sum(m.on_hand_change), 0)""",
    "waiting": """
        select p.id from inventory_stockpolicy p
        left join inventory_backorder b on b.variant_id = p.variant_id and b.kind <> 'short'
        group by p.id having p.waiting <> coalesce(sum(b.quantity), 0)""",
    "values": """
        select s.variant_id from inventory_stockitem s
        join inventory_stockmovement m on m.stock_item_id = s.id
        left join inventory_valuation v on v.variant_id = s.variant_id
        group by s.variant_id, v.units, v.value
        having sum(m.on_hand_change) <> coalesce(v.units, 0)
            or sum(m.value_change) <> coalesce(v.value, 0)""",
}


def wrong():
    """{rule: rows} of everything that does not add up."""
    found = {}
    with connection.cursor() as cursor:
        for name, sql in RULES.items():
            cursor.execute(sql)
            if rows := cursor.fetchall():
                found[name] = rows
    return found


def on_hand():
    return _by_place("on_hand")


def damaged():
    return _by_place("damaged")


def _by_place(bucket):
    rows = StockItem.objects.exclude(**{bucket: 0})
    return Counter(
        {
            (sku, code): n
            for sku, code, n in rows.values_list("variant__sku", "location__code", bucket)
        }
    )


def promised():
    rows = Allocation.objects.values_list("holder", SKU).annotate(units=Sum("quantity"))
    return Counter({(holder, sku): units for holder, sku, units in rows})


def waiting():
    rows = Backorder.objects.order_by("created_at", "pk")
    return list(rows.values_list("holder", "variant__sku", "quantity"))


def missing():
    rows = Shortage.objects.filter(settled_at=None)
    found = rows.values_list("holder", "variant__sku", "quantity")
    return {holder: (sku, units) for holder, sku, units in found}


def kept():
    rows = Reservation.objects.values_list("holder", SKU, PLACE, "quantity")
    return sorted(list(row) for row in rows)


def lots():
    rows = Batch.objects.filter(on_hand__gt=0).annotate(place=F("stock_item__location__code"))
    return {
        (place, code, day.isoformat() if day else None): units
        for place, code, day, units in rows.values_list("place", "code", "expires_on", "on_hand")
    }
