"""What rules know of orders, asked of the database for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Min
from django.db.models.functions import Upper

from accounts.models import CustomerGroup
from orders.models import Order, OrderLine


@dataclass(frozen=True, slots=True)
class Known:
    """Of one order. categories: addresses of its pieces' categories and of all above them.

    value: in the main market's currency. risk: points of the risk rules, 0 when never weighed.
    """

    order: Order
    value: Decimal
    units: int = 0
    skus: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    is_first: bool = True
    risk: int = 0


@dataclass(slots=True)
class _Goods:
    units: int = 0
    skus: set[str] = field(default_factory=set)
    categories: set[str] = field(default_factory=set)


def gather(orders: Sequence[Order], *, risks: Mapping[int, int] | None = None) -> list[Known]:
    """The same number of questions for any number of orders. risks: points by order id."""
    goods = _goods(orders)
    groups = _groups(orders)
    firsts = _firsts(orders)
    return [
        Known(
            order=order,
            value=order.total * order.exchange_rate,
            units=goods[order.pk].units,
            skus=frozenset(goods[order.pk].skus),
            categories=frozenset(goods[order.pk].categories),
            groups=frozenset(groups.get(order.customer_id or 0, ())),
            is_first=firsts.get(order.email.upper()) == order.pk,
            risk=(risks or {}).get(order.pk, 0),
        )
        for order in orders
    ]


def _goods(orders: Sequence[Order]) -> Mapping[int, _Goods]:
    found: defaultdict[int, _Goods] = defaultdict(_Goods)
    lines = OrderLine.objects.filter(order__in=orders, canceled=0)
    columns = ("order_id", "sku", "quantity", "variant__product__category__url_path")
    for order_id, sku, quantity, path in lines.values_list(*columns):
        goods = found[order_id]
        goods.units += quantity
        goods.skus.add(sku.upper())
        goods.categories.update(_with_those_above(path or ""))
    return found


def _with_those_above(path: str) -> list[str]:
    """ "tea/green/japan": itself, "tea/green" and "tea"."""
    parts = [part for part in path.split("/") if part]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


def _groups(orders: Sequence[Order]) -> Mapping[int, set[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    buyers = {order.customer_id for order in orders if order.customer_id}
    rows = (
        CustomerGroup.objects.filter(customers__in=buyers)
        if buyers
        else CustomerGroup.objects.none()
    )
    for customer_id, code in rows.values_list("customers", "code"):
        found[customer_id].add(code)
    return found


def _firsts(orders: Sequence[Order]) -> Mapping[str, int]:
    """The id of the first order of each address."""
    # In capitals, as the index of addresses has them.
    emails = {order.email.upper() for order in orders}
    rows = Order.objects.annotate(who=Upper("email")).filter(who__in=emails)
    return dict(rows.order_by().values_list("who").annotate(first=Min("pk")))
