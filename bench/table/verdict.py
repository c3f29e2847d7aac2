"""What the shop has promised about its speed, and whether the figures keep it.

A promise was made in milliseconds on a machine where a bare page cost 0.43. It holds on any other
in proportion: so many times the bare page of the same run.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

REFERENCE_MS = 0.43
KEPT_RATIO = 2.0
LISTING_MS, PRODUCT_MS, ADD_MS, ORDER_MS = 8.0, 5.0, 8.0, 60.0
ORDERS_PER_SECOND, PLACE_MS, CROWD_SECONDS = 20.0, 500.0, 10.0
MEMORY_MB = 250.0
GROWTH, SEARCH_GROWTH = 1.5, 3.0
MOST = {
    "kept": KEPT_RATIO,
    "listing": LISTING_MS / REFERENCE_MS,
    "product": PRODUCT_MS / REFERENCE_MS,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """is_least: the figure must reach the limit rather than stay below it."""

    text: str
    figure: float
    limit: float
    unit: str = "x bare"
    is_least: bool = False

    @property
    def holds(self) -> bool:
        return self.figure >= self.limit if self.is_least else self.figure <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "figure": round(self.figure, 2),
            "limit": round(self.limit, 2),
            "unit": self.unit,
            "holds": self.holds,
        }


def promises(found: dict[str, Any]) -> Iterator[Promise]:
    """Every promise that the figures of a run can speak for."""
    for line in found["pages"]:
        if line["limit"]:
            yield Promise(line["label"], line["ratio"], line["limit"])
    if buying := found.get("buying"):
        yield from _of_buying(buying)
    yield from _of_growth(found["growth"])
    if memory := found.get("memory"):
        text = f"memory of a web process after {memory['requests']:,} requests"
        yield Promise(text, memory["largest_mb"], MEMORY_MB, "MB")


def _of_buying(buying: dict[str, Any]) -> Iterator[Promise]:
    bare = buying["bare"]
    slower = bare / REFERENCE_MS
    add = buying["steps"]["add to cart"]
    yield Promise("add to cart", (add["app"] + add["database"]) / bare, ADD_MS / REFERENCE_MS)
    yield Promise("guest order, all requests", buying["order"] / bare, ORDER_MS / REFERENCE_MS)
    for run in buying["together"]:
        size = run["shoppers"]
        if size == 1:
            continue
        least = ORDERS_PER_SECOND / slower
        text = f"{size} shoppers: orders a second"
        yield Promise(text, run["per_second"], least, "/s", is_least=True)
        yield Promise(f"{size} shoppers: orders that failed", run["failed"], 0, "")
        if size == 8:
            yield Promise("8 shoppers: p95 of placing", run["p95"], PLACE_MS * slower, "ms")
    if crowd := buying.get("crowd"):
        text = f"{crowd['size']} shoppers on {crowd['units']} units"
        yield Promise(
            f"{text}: too few or too many sold", abs(crowd["sold"] - crowd["units"]), 0, ""
        )
        yield Promise(f"{text}: answers that are no answer", crowd["broken"], 0, "")
        yield Promise(
            f"{text}: until the last is answered", crowd["seconds"], CROWD_SECONDS * slower, "s"
        )


def _of_growth(growth: dict[str, dict[str, float]]) -> Iterator[Promise]:
    """growth: by page, the cost in bare pages for every number of products."""
    for name, costs in growth.items():
        sizes = sorted(costs, key=int)
        if len(sizes) < 2:
            continue
        first, last = sizes[0], sizes[-1]
        limit = SEARCH_GROWTH if name in ("search", "suggest") else GROWTH
        text = f"{name}: growth from {int(first):,} to {int(last):,} products"
        yield Promise(text, costs[last] / costs[first], limit, "x")
