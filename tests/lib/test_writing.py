"""Rows by statements that are made once are the rows that Django would have written."""

import pytest
from django.forms.models import model_to_dict

from orders.models import Order, OrderEvent, OrderLine, TaxLine
from shop.lib import writing
from shop.lib.writing import insert, insert_together
from tests.factories.orders import placed_order

pytestmark = pytest.mark.django_db
OWN = ("id", "holder", "number", "cart")


def copy_of(row, **changes):
    """The row once more, not written yet."""
    names = [one.attname for one in row._meta.concrete_fields if not one.primary_key]
    return type(row)(**{name: getattr(row, name) for name in names} | changes)


def told(row):
    return model_to_dict(row, exclude=OWN)


def test_every_column_comes_back_as_it_was_given():
    order = placed_order(payment_method="bank_transfer")
    line = order.lines.get()
    taxes = list(TaxLine.objects.filter(order=order).order_by("pk"))

    (again,) = insert([copy_of(order, number="X1", cart_id=None, tags=["gift", "late"], ip="::1")])
    insert(copy_of(one, order_id=again.pk) for one in taxes)
    picture = {"src": "a.webp", "width": 3}
    (same,) = insert([OrderLine(order=again, **told_of(line), image=picture, extras=[{"a": "1"}])])

    read = Order.objects.get(pk=again.pk)
    assert told(read) == told(order) | {"tags": ["gift", "late"], "ip": "::1"}
    assert [told(one) | {"order": order.pk} for one in read.tax_lines.order_by("pk")] == [
        told(one) for one in taxes
    ]
    kept = OrderLine.objects.get(pk=same.pk)
    assert (kept.image, kept.extras, kept.gross) == (picture, [{"a": "1"}], line.gross)


def told_of(line):
    names = ("variant_id", "sku", "title", "quantity", "unit_price", "net", "tax", "gross")
    return {name: getattr(line, name) for name in names}


def test_what_only_the_database_fills_in_is_known_afterwards():
    order = placed_order()

    (fresh,) = insert([Order(**{name: getattr(order, name) for name in NEEDED}, number="X3")])

    assert (fresh.reference, fresh.company, fresh.tags) == ("", "", [])
    assert Order.objects.get(pk=fresh.pk).company == ""


NEEDED = (
    *("market_id", "currency", "email", "name", "line1", "city", "country", "payment_method"),
    *("net", "tax", "total", "placed_at"),
)


def test_a_row_points_at_what_was_written_after_it_was_made():
    order = placed_order()
    fresh = Order(**{name: getattr(order, name) for name in NEEDED}, number="X4")
    event = copy_of(OrderEvent.objects.filter(order=order).latest("pk"))
    event.order = fresh

    with pytest.raises(ValueError, match="unsaved"):
        insert([event])
    insert([fresh])
    insert([event])

    assert OrderEvent.objects.get(pk=event.pk).order == fresh


def test_rows_are_told_apart_by_their_keys_however_many(monkeypatch):
    monkeypatch.setattr(writing, "MANY", 3)
    order = placed_order()
    last = OrderEvent.objects.filter(order=order).latest("pk")

    few = insert(copy_of(last, note=str(n)) for n in range(3))
    many = insert(copy_of(last, note=str(n)) for n in range(5))

    for row in (*few, *many):
        assert OrderEvent.objects.get(pk=row.pk).note == row.note
    assert insert([]) == []


def test_an_order_is_written_in_one_statement_with_what_points_at_it(django_assert_num_queries):
    order = placed_order()
    fresh = copy_of(order, number="X5", cart_id=None)
    lines = [OrderLine(order=fresh, **told_of(order.lines.get()), position=n) for n in range(3)]
    event = OrderEvent(order=fresh, axis="status", to_state="pending", at=order.placed_at)

    with django_assert_num_queries(1):
        insert_together([fresh], lines, [], [event])

    assert [one.position for one in fresh.lines.order_by("pk")] == [0, 1, 2]
    for row in (*lines, event):
        row.refresh_from_db()
        assert row.order == fresh


def test_rows_of_several_models_are_told_apart_however_many(monkeypatch):
    monkeypatch.setattr(writing, "MANY", 3)
    order = placed_order()
    fresh, last = copy_of(order, number="X6", cart_id=None), OrderEvent.objects.latest("pk")
    events = [copy_of(last, note=str(n)) for n in range(5)]
    for event in events:
        event.order = fresh
    taxes = [copy_of(one) for one in TaxLine.objects.filter(order=order)]

    insert_together([fresh], events, taxes)

    for row in events:
        assert OrderEvent.objects.get(pk=row.pk, order__number="X6").note == row.note
    assert all(told(TaxLine.objects.get(pk=one.pk)) == told(one) for one in taxes)
