"""How much one machine carries, reckoned from a run's figures: the second part of docs/capacity.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# A processor that is busier than this makes people wait in bursts.
BUSY = 0.6
# Two visitors in a hundred order, and each looks at six pages.
PAGES_PER_ORDER = 300
# Of a shop's pages, those whose answer is kept; the rest is read from the database.
KEPT_SHARE = 0.9
# Of a machine's memory, what PostgreSQL's files should fit into.
DATABASE_MEMORY = 0.5
PROCESSES_PER_PROCESSOR = 2
MACHINES = ((2, 4), (4, 8), (8, 32), (16, 64))
NEEDED = {"buying", "memory", "work", "orders"}
LOOKED_AT = {"home": 0.15, "category": 0.4, "product": 0.35, "search": 0.1}


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of the processor: of a kept page, a fresh one, an order, its work afterwards."""

    kept: float
    fresh: float
    fresh_database: float
    order: float
    order_database: float
    work: float

    @classmethod
    def of(cls, found: dict[str, Any]) -> "Costs":
        lines = {(one["name"], one["way"]): one for one in found["pages"]}
        steps = [one for name, one in found["buying"]["steps"].items() if name != "queries"]
        return cls(
            kept=_mean(lines, "kept", "app") + _mean(lines, "kept", "database"),
            fresh=_mean(lines, "fresh", "app") + _mean(lines, "fresh", "database"),
            fresh_database=_mean(lines, "fresh", "database"),
            order=found["buying"]["order"],
            order_database=sum(one["database"] for one in steps),
            work=found["work"]["worker"],
        )

    @property
    def page(self) -> float:
        return KEPT_SHARE * self.kept + (1 - KEPT_SHARE) * self.fresh

    @property
    def sale(self) -> float:
        """An order with the pages that were looked at for it and the work that follows."""
        return PAGES_PER_ORDER * self.page + self.order + self.work

    @property
    def sale_behind_cdn(self) -> float:
        """The same with kept pages answered by a CDN."""
        return PAGES_PER_ORDER * (1 - KEPT_SHARE) * self.fresh + self.order + self.work

    @property
    def sale_database(self) -> float:
        """What a database machine of its own has to do for it."""
        return PAGES_PER_ORDER * (1 - KEPT_SHARE) * self.fresh_database + self.order_database


def _mean(lines: dict[tuple[str, str], Any], way: str, part: str) -> float:
    return sum(share * float(lines[name, way][part]) for name, share in LOOKED_AT.items())


def per_minute(processors: int, cost: float) -> float:
    return processors * 60_000 * BUSY / cost


def table(found: dict[str, Any]) -> str:
    if missing := NEEDED - found.keys():
        return f"\nNot measured in the last run: {', '.join(sorted(missing))}.\n"
    costs = Costs.of(found)
    return "\n".join(
        [
            *_figures(found, costs),
            *_machines(found, costs),
            *_database(found, costs),
        ]
    )


def _figures(found: dict[str, Any], costs: Costs) -> Iterator[str]:
    yield f"\nFrom the run of {found['machine']['date']} with {found['products']:,} products:\n"
    yield "| figure | | value |"
    yield "|---|---|---:|"
    yield f"| `kept` | a kept page | {costs.kept:.2f} ms |"
    yield f"| `fresh` | a page that is not kept | {costs.fresh:.1f} ms |"
    yield f"| `page` | {KEPT_SHARE:.0%} × `kept` + {1 - KEPT_SHARE:.0%} × `fresh` | {costs.page:.2f} ms |"
    yield f"| `order` | all requests of a guest's order | {costs.order:.0f} ms |"
    yield f"| `work` | what the worker does for it afterwards | {costs.work:.0f} ms |"
    yield f"| `sale` | {PAGES_PER_ORDER} × `page` + `order` + `work` | {costs.sale:.0f} ms |"
    yield (
        f"| `sale_cdn` | {PAGES_PER_ORDER} × {1 - KEPT_SHARE:.0%} × `fresh` + `order` + `work`"
        f" | {costs.sale_behind_cdn:.0f} ms |"
    )
    yield f"| `checkout` | `order` + `work`: nobody looks around | {costs.order + costs.work:.0f} ms |"


def _machines(found: dict[str, Any], costs: Costs) -> Iterator[str]:
    each = found["memory"]["shared_mb"] / found["memory"]["workers"]
    product_kb, order_kb = sizes(found)
    yield (
        "\n| one machine for everything | orders a minute | behind a CDN | checkout alone"
        " | web processes | their memory | products that fit | with a million orders |"
    )
    yield "|---|" + "---:|" * 7
    for processors, memory in MACHINES:
        processes = processors * PROCESSES_PER_PROCESSOR
        room = memory * 1_000_000 * DATABASE_MEMORY
        left = max(0.0, room - 1_000_000 * order_kb)
        yield (
            f"| {processors} processors, {memory} GB"
            f" | {per_minute(processors, costs.sale):,.0f}"
            f" | {per_minute(processors, costs.sale_behind_cdn):,.0f}"
            f" | {per_minute(processors, costs.order + costs.work):,.0f}"
            f" | {processes} | {processes * each / 1000:.1f} GB"
            f" | {rounded(room / product_kb):,} | {rounded(left / product_kb):,} |"
        )


def _database(found: dict[str, Any], costs: Costs) -> Iterator[str]:
    product_kb, order_kb = sizes(found)
    share = costs.sale_database / costs.sale
    yield (
        f"\nOf a sale {costs.sale_database:.0f} ms are PostgreSQL's ({share:.0%}). With the database on a"
        f" machine of its own with eight processors it carries"
        f" {per_minute(8, costs.sale_database):,.0f} orders a minute with all their pages; web machines"
        f" are added until then, one of eight processors for each"
        f" {per_minute(8, costs.sale - costs.sale_database):,.0f}."
    )
    yield f"\nA product takes {product_kb:.1f} KB with its indexes, an order {order_kb:.1f} KB."


def sizes(found: dict[str, Any]) -> tuple[float, float]:
    """KB that a product and an order take in the database, by the difference of two."""
    held = {int(size): megabytes for size, megabytes in found["database_mb"].items()}
    small, large = min(held), max(held)
    product = (held[large] - held[small]) * 1000 / (large - small)
    orders = found["orders"]
    return product, (orders["database_mb"] - held[small]) * 1000 / (
        orders["orders"] - orders["usual"]
    )


def rounded(number: float) -> int:
    """To two digits: more would be a lie."""
    digits = max(0, len(str(int(number))) - 2)
    return int(round(number, -digits))
