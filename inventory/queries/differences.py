"""What a count found beside what was expected, item by item and batch by batch."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from inventory.models import Batch, CountLine, StockCount, StockItem, Valuation

NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Difference:
    """The lines of one item (of a tracked one: of one batch), and what they come to.

    unit_value: what a unit is worth, in the books' currency.
    """

    item: StockItem
    batch: Batch | None
    lines: list[CountLine]
    unit_value: Decimal

    @property
    def is_whole(self) -> bool:
        """Whether every place was counted; otherwise nothing can be said, and nothing is booked."""
        return all(line.counted is not None for line in self.lines)

    @property
    def counted(self) -> int:
        return sum(line.counted or 0 for line in self.lines)

    @property
    def last(self) -> CountLine:
        """The line that was counted last."""
        return max(self.lines, key=lambda line: line.counted_at or NEVER)

    @property
    def expected(self) -> int:
        return self.last.expected or 0

    @property
    def units(self) -> int:
        return self.counted - self.expected if self.is_whole else 0

    @property
    def signed(self) -> str:
        return f"{self.units:+}"

    @property
    def value(self) -> Decimal:
        return self.units * self.unit_value

    @property
    def moved_meanwhile(self) -> bool:
        """Whether units came or went between two lines: such a difference is worth a second look."""
        return len({line.expected for line in self.lines if line.expected is not None}) > 1

    def book(self, units: int) -> None:
        """Write on the lines what was booked of them: all of it on the one counted last."""
        for line in self.lines:
            line.difference = 0
        self.last.difference = units

    @property
    def note(self) -> str:
        return "; ".join(dict.fromkeys(line.note for line in self.lines if line.note))


def differences(count: StockCount) -> list[Difference]:
    """All items of a count in the order of the sheet, those that agree among them. Two queries."""
    groups: dict[tuple[int, int | None], list[CountLine]] = defaultdict(list)
    lines = CountLine.objects.filter(count=count).select_related(
        "stock_item__variant__product", "stock_item__location", "batch", "bin", "counted_by"
    )
    for line in lines.order_by("position", "pk"):
        groups[line.stock_item_id, line.batch_id].append(line)
    worth = _worth([rows[0].stock_item for rows in groups.values()])
    return [
        Difference(
            item=rows[0].stock_item,
            batch=rows[0].batch,
            lines=rows,
            unit_value=worth[rows[0].stock_item.variant_id],
        )
        for rows in groups.values()
    ]


def _worth(items: list[StockItem]) -> dict[int, Decimal]:
    """By variant: its average; without stock, what it cost."""
    worth = {item.variant_id: item.variant.cost or Decimal(0) for item in items}
    for valuation in Valuation.objects.filter(variant__in=worth, units__gt=0):
        worth[valuation.variant_id] = valuation.average
    return worth
