"""What purchase orders come to, in the supplier's currency and in the books'."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import PurchaseOrder, PurchaseOrderLine
from shop.lib.money import ZERO, round_money


@dataclass(frozen=True, slots=True)
class Sums:
    """Of an order. base: the total in the books' currency; None while no rate is known."""

    goods: Decimal
    total: Decimal
    currency: str
    base: Decimal | None
    base_currency: str

    @property
    def is_foreign(self) -> bool:
        return self.currency != self.base_currency


def line_sum(line: PurchaseOrderLine, currency: str) -> Decimal:
    return round_money(line.quantity * line.unit_cost, currency)


def goods_of(lines: Iterable[PurchaseOrderLine], currency: str) -> Decimal:
    return sum((line_sum(line, currency) for line in lines), ZERO)


def sums_of(
    order: PurchaseOrder,
    lines: Iterable[PurchaseOrderLine],
    *,
    rate: Decimal | None,
    books: str,
) -> Sums:
    """rate: units of the books' currency (books) for one of the order's."""
    goods = goods_of(lines, order.currency)
    total = goods + order.freight + order.duty
    base = None if rate is None else round_money(total * rate, books)
    return Sums(goods, total, order.currency, base, books)
