"""Orders by the million, straight into the tables: to measure with, never to trade with."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import connection, models

from catalog.models import Category, Market, Product, ProductType, TaxClass, Variant
from orders.models import CallTask, Hold, Order, OrderEvent, OrderLine, Return
from payments.models import Document, Series
from shipping.models import Fulfilment
from shop.demo.seeding.copying import copy

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
YEARS = dt.timedelta(days=3 * 365)
VARIANTS = 2_000
FORGET = "truncate orders_order, catalog_product, catalog_producttype, catalog_market cascade"
FIRST = ("Al", "Be", "Ca", "Do", "El", "Fe", "Gra", "He", "Ju", "Ma")
GIVEN = ("na", "ra", "lis", "nes", "dia", "mon", "bert", "ston", "lia", "vin")
LAST = ("Abbot", "Baker", "Carter", "Dyer", "Fisher", "Glover", "Harper", "Kemp", "Mason", "Naylor")
ENDS = ("son", "ley", "ford", "worth", "by", "ham", "ton", "field", "wick", "stead")
Row = list[Any]


class Sheet:
    """Rows of a model with the model's own defaults: only what differs is written out."""

    def __init__(self, model: type[models.Model], **fields: Any) -> None:
        self.model = model
        named = model(**fields)
        self.fields = [one for one in model._meta.concrete_fields if one.column]  # noqa: SLF001
        self.base = [self._stored(one, getattr(named, one.attname)) for one in self.fields]
        self.places = {one.attname: place for place, one in enumerate(self.fields)}

    def _stored(self, field: Any, value: Any) -> Any:
        is_left = isinstance(value, models.expressions.DatabaseDefault)
        plain = getattr(field.db_default, "value", field.db_default) if is_left else value
        return field.get_db_prep_save(plain, connection)

    def row(self, **values: Any) -> Row:
        row = self.base.copy()
        for name, value in values.items():
            row[self.places[name]] = value
        return row

    def write(self, rows: Iterator[Row]) -> None:
        copy(self.model, [str(one.column) for one in self.fields], rows)
        table = self.model._meta.db_table  # noqa: SLF001 - Django's public way to it
        with connection.cursor() as cursor:
            cursor.execute(
                f"select setval(pg_get_serial_sequence('{table}', 'id'), max(id)) from {table}"  # noqa: S608 - our own name  # nosec B608
            )


def fill(size: int) -> None:
    """Write so many orders, the newest last. 6 in 1,000 are open."""
    market, skus = _shelf()
    money = {"net": Decimal(20), "tax": Decimal(4), "currency": "GBP"}
    orders = Sheet(
        Order, market=market, total=Decimal(24), country="GB", city="York", line1="1 Row", **money
    )
    orders.write(orders.row(**_order(number, size)) for number in range(1, size + 1))
    _lines(size, skus)
    _parcels(size)
    _papers(size, money)
    _happened(size)
    _stopped(size)


def _shelf() -> tuple[Market, Sequence[tuple[int, str]]]:
    market = Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
    standard, _made = TaxClass.objects.get_or_create(code="standard", name="Standard")
    kind = ProductType.objects.create(code="piece", name="Piece", tax_class=standard)
    shelf = Category.objects.first() or Category.add_root(name="Goods", slug="goods", url_path="g")
    product = Product.objects.create(title="Piece", slug="piece", type=kind, category=shelf)
    made = Variant.objects.bulk_create(
        Variant(product=product, sku=f"P-{number:05d}", label=str(number))
        for number in range(VARIANTS)
    )
    return market, [(one.pk, one.sku) for one in made]


def placed_at(number: int, size: int) -> dt.datetime:
    return NOW - YEARS * ((size - number) / size)


def is_open(number: int, size: int) -> bool:
    """The newest are."""
    return number > size - max(12, size * 6 // 1000)


def _order(number: int, size: int) -> dict[str, Any]:
    who = number * 7919 % (size // 3 + 7)
    digits = [who // 10**place % 10 for place in range(4)]
    first = FIRST[digits[0]] + GIVEN[digits[1]]
    last = LAST[digits[2]] + ENDS[digits[3]]
    return {
        "id": number,
        "number": str(10_000 + number),
        "email": f"{first}.{last}.{who}@example.com".lower(),
        "name": f"{first} {last}",
        "phone": f"+44 7700 9{who % 1_000_000:06d}",
        "postcode": f"YO{who % 99} 1AA",
        "payment_method": "card",
        "shipping_method": "tracked-48",
        "tags": ["vip"] if number % 500 == 0 else [],
        "placed_at": placed_at(number, size),
        **_states(number, size),
    }


def _states(number: int, size: int) -> dict[str, Any]:
    """Of the open ones four in six are to be sent, one waits for its money and one for a person."""
    at = placed_at(number, size)
    if not is_open(number, size):
        if number % 50 == 0:
            return {"status": "canceled", "payment_status": "voided"}
        paid = {"payment_status": "paid", "confirmed_at": at, "paid_at": at}
        return {"status": "completed", "fulfillment_status": "delivered", **paid}
    if number % 6 == 0:
        return {"status": "pending", "payment_method": "bank_transfer"}
    status = "pending" if number % 6 == 1 else "confirmed"
    return {"status": status, "payment_status": "paid", "paid_at": at, "confirmed_at": at}


def _lines(size: int, skus: Sequence[tuple[int, str]]) -> None:
    money = {"net": Decimal(10), "tax": Decimal(2), "gross": Decimal(12)}
    lines = Sheet(OrderLine, title="Piece", quantity=1, unit_price=Decimal(12), **money)

    def rows() -> Iterator[Row]:
        for number in range(2 * size):
            variant, sku = skus[number * 31 % len(skus)]
            order = number // 2 + 1
            yield lines.row(
                id=number + 1,
                order_id=order,
                holder=uuid.UUID(int=number + 1),
                variant_id=variant,
                sku=sku,
                position=number % 2,
                fulfilled=int(not is_open(order, size) and order % 50 != 0),
            )

    lines.write(rows())


def _parcels(size: int) -> None:
    """One for each order that was sent; of those to be sent every third is in hand."""
    parcels = Sheet(Fulfilment, carrier="Royal Mail")

    def rows() -> Iterator[Row]:
        for number in range(1, size + 1):
            at = placed_at(number, size)
            one = {"id": number, "order_id": number, "created_at": at}
            if is_open(number, size):
                if number % 3 == 2:
                    state = "packed" if number % 2 else "picking"
                    yield parcels.row(**one, status=state)
            elif number % 50:
                code = f"QB{number:09d}GB"
                moments = {"shipped_at": at, "delivered_at": at}
                yield parcels.row(**one, status="delivered", tracking_number=code, **moments)

    parcels.write(rows())


def _papers(size: int, money: dict[str, Any]) -> None:
    series = Series.objects.filter(kind="invoice").first() or Series.objects.create(
        kind="invoice", prefix="B-"
    )
    papers = Sheet(Document, series=series, kind="invoice", total=Decimal(24), content={}, **money)

    def rows() -> Iterator[Row]:
        for number in range(1, size + 1):
            if is_open(number, size) or number % 50 == 0:
                continue
            at = placed_at(number, size)
            told = {"label": f"B-{number:07d}", "issued_on": at.date(), "issued_at": at}
            yield papers.row(id=number, order_id=number, number=number, **told)

    papers.write(rows())


def _happened(size: int) -> None:
    events = Sheet(OrderEvent, axis="status")
    events.write(
        events.row(id=number + 1, order_id=number // 2 + 1, to_state=state, at=NOW)
        for number in range(2 * size)
        for state in ("confirmed" if number % 2 else "pending",)
    )


def _stopped(size: int) -> None:
    """Holds that are over, some that are not, calls, and returns of one order in a hundred."""
    holds, calls = Sheet(Hold, reason="Odd"), Sheet(CallTask, reason="Much", phone="1")
    late = [number for number in range(1, size + 1) if is_open(number, size)]
    old = range(100, size - len(late), 100)

    def stops() -> Iterator[Row]:
        for number in old:
            yield holds.row(id=number, order_id=number, placed_at=NOW, released_at=NOW)
        for number in late[::10]:
            yield holds.row(id=number, order_id=number, placed_at=NOW)

    holds.write(stops())
    calls.write(
        calls.row(id=number, order_id=number, due_at=NOW, created_at=NOW) for number in late[::20]
    )
    returns = Sheet(Return, expected=Decimal(12))
    states = ("closed",) * 97 + ("requested", "received", "inspected")
    returns.write(
        returns.row(
            id=number,
            order_id=number,
            number=f"RMA-{number}",
            key=str(number),
            status=states[number // 100 % 100],
            requested_at=NOW,
        )
        for number in old
    )
