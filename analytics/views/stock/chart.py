"""The chart of a variant's stock: what lay there, what sold, and what is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from analytics.queries.stock.history import Week
from analytics.views.books.tables import Cell, Table, numbers, words
from analytics.views.chart import short_day
from analytics.views.figures import count, decimals
from shop.lib.svg import Band, LineChart, Scale, line_chart, number, ticks


@dataclass(frozen=True, slots=True)
class Spot:
    """A strip over one week of the drawing, and what it says."""

    band: Band
    title: str


@dataclass(frozen=True, slots=True)
class StockDrawing:
    """lines of chart: stock, what is left then, sales, expected sales, reorder point."""

    title: str
    chart: LineChart
    band: str
    grid: list[tuple[str, str]]
    spots: list[Spot]
    reorder: str


def drawing(weeks: Sequence[Week], reorder_point: int | None) -> StockDrawing:
    mark = None if reorder_point is None else float(reorder_point)
    series: list[list[float | None]] = [
        [week.stock for week in weeks],
        [week.left for week in weeks],
        [week.sold for week in weeks],
        [week.expected for week in weeks],
        [mark for _week in weeks],
    ]
    highs, lows = [week.high for week in weeks], [week.low for week in weeks]
    chart = line_chart([*series, highs, lows], labels=[short_day(week.on) for week in weeks])
    return StockDrawing(
        title=_("Stock at the end of each week, with what is expected to sell"),
        chart=chart,
        band=_band(highs, lows, [value for one in [*series, highs, lows] for value in one]),
        grid=[(tick.y, count(int(tick.value))) for tick in chart.y_ticks],
        spots=[Spot(band, _told(weeks[band.index])) for band in chart.bands],
        reorder="" if reorder_point is None else count(reorder_point),
    )


def _band(
    highs: Sequence[float | None], lows: Sequence[float | None], all_values: Sequence[float | None]
) -> str:
    """What lies between the bounds of the forecast, as a path: along the top and back below."""
    known = [value for value in all_values if value is not None]
    steps = ticks(min(known, default=0.0), max(known, default=0.0))
    scale = Scale(len(highs), steps[0], steps[-1])
    top = [(at, value) for at, value in enumerate(highs) if value is not None]
    below = [(at, value) for at, value in enumerate(lows) if value is not None]
    points = [*top, *reversed(below)]
    if len(points) < 4:
        return ""
    return (
        "M"
        + "L".join(f"{number(scale.x(at))} {number(scale.y(value))}" for at, value in points)
        + "Z"
    )


def _told(week: Week) -> str:
    parts = [short_day(week.on)]
    if week.stock is not None:
        parts.append(_("on hand %(units)s") % {"units": count(int(week.stock))})
    if week.sold is not None:
        parts.append(_("sold %(units)s") % {"units": count(week.sold)})
    if week.expected is not None:
        parts.append(_("expected to sell %(units)s") % {"units": _one(week.expected)})
    if week.left is not None and week.stock is None:
        parts.append(_("left then %(units)s") % {"units": count(int(week.left))})
    return ", ".join(parts)


def table(weeks: Sequence[Week]) -> Table:
    """The same for those who can't see it, the latest first."""
    return Table(
        label=_("Stock by week"),
        columns=[
            *words(_("Week of")),
            *numbers(_("On hand"), _("Sold"), _("Expected"), _("At least"), _("At most")),
            *numbers(_("Left then")),
        ],
        rows=[
            [
                Cell(short_day(week.on)),
                *(_number(value) for value in (week.stock, week.sold, week.expected)),
                *(_number(value) for value in (week.low, week.high, week.left)),
            ]
            for week in reversed(weeks)
        ],
    )


def _number(value: float | None) -> Cell:
    return Cell("–" if value is None else _one(value), is_number=True)


def _one(value: float) -> str:
    return decimals(Decimal(value), 1) if value % 1 else count(int(value))
