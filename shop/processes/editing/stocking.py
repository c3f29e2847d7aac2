"""Stock follows a change: what is taken off is free, what comes in is set aside at once."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from catalog.models import Variant
from inventory.services import giving_up, keys, stock
from orders.models import Order, OrderLine
from orders.queries import holders_of
from orders.services.additions import Added
from orders.services.orders import Move
from shop.processes import browsing, filling
from shop.processes.checkout import reserving


def hold(*, lines: Iterable[OrderLine], added: Iterable[Added]) -> None:
    """Hold the shelves of all that is taken off or comes in, at once and first."""
    wanted = {pk for line in lines for pk, _units in holders_of(line).values() if pk is not None}
    for variant in (one.variant for one in added if one.variant):
        parts = set(variant.parts.values_list("part_id", flat=True))
        wanted |= parts or {variant.pk}
    if wanted:
        stock.hold(variant_ids=wanted)


def take_off(*, order: Order, units: Sequence[tuple[OrderLine, int]], move: Move) -> list[int]:
    """Let go of units of lines. Returns the variants that others may have of."""
    sent = [(line, count) for line, count in units if line.is_shipped and count]
    freed = giving_up.give_up(
        quantities={
            holder: count * each
            for line, count in sent
            for holder, (_variant, each) in holders_of(line).items()
        },
        reference=order.number,
        now=move.now,
    )
    # A key is let go with its whole line; one that was shown never is.
    over = [line.holder for line, count in units if not line.is_shipped and count == line.quantity]
    return freed + (keys.release(holders=over) if order.paid_at is None else [])


def set_aside(*, order: Order, lines: Sequence[OrderLine], move: Move) -> None:
    """Promise shelves and keys to new lines, all of it or none. Raises OutOfStock."""
    known = _known(lines)
    units = {
        holder: (variant_id, line.quantity * each)
        for line in known
        if line.is_shipped
        for holder, (variant_id, each) in holders_of(line).items()
        if variant_id is not None
    }
    stock.allocate(
        lines=units,
        reference=order.number,
        now=move.now,
        route=reserving.route_of(order),
        whole=units.keys() - {line.holder for line in known},
    )
    pools = {line.holder: (line.variant_id, line.quantity) for line in known if _uses_keys(line)}
    keys.reserve(lines=_numbered(pools), now=move.now)
    touched = {variant for variant, _count in (*units.values(), *_numbered(pools).values())}
    browsing.stock_moved(variant_ids=touched, now=move.now)


def _known(lines: Sequence[OrderLine]) -> list[OrderLine]:
    rows = OrderLine.objects.filter(pk__in=[line.pk for line in lines])
    return list(rows.select_related("variant").prefetch_related("parts").order_by("pk"))


def _uses_keys(line: OrderLine) -> bool:
    variant: Variant | None = line.variant
    return variant is not None and variant.uses_keys


def _numbered(pools: Mapping[UUID, tuple[int | None, int]]) -> dict[UUID, tuple[int, int]]:
    return {key: (pk, units) for key, (pk, units) in pools.items() if pk is not None}


def offer_again(*, variant_ids: Sequence[int], move: Move) -> None:
    """What was let go is there for those who wait, and in the shop."""
    filling.fill(variant_ids=variant_ids, now=move.now)
    browsing.stock_came_back(variant_ids=variant_ids, now=move.now)
