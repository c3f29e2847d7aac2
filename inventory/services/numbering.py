"""Numbers of the papers of a store, from sequences: unique under any load, gaps allowed."""

from django.db import connection


def purchase_number() -> str:
    return f"PO-{_next('inventory_purchase_number')}"


def receipt_number() -> str:
    return f"GR-{_next('inventory_receipt_number')}"


def count_number() -> str:
    return f"SC-{_next('inventory_count_number')}"


def transfer_number() -> str:
    return f"TR-{_next('inventory_transfer_number')}"


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [sequence])
        return int(cursor.fetchone()[0])
