"""The figures on paper: docs/performance.json, a table and a plot made from nothing else."""

import json
from collections.abc import Iterator
from html import escape
from math import log10
from typing import Any

from bench.table import capacity
from bench.table.house import ROOT

DOCS = ROOT / "docs"
FIGURES, PAGE, PLOT = DOCS / "performance.json", DOCS / "performance.md", DOCS / "performance.svg"
CAPACITY = DOCS / "capacity.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
ROW, LEFT, WIDTH, RIGHT = 22, 230, 760, 70
INK, BAR, LINE, LIMIT_MARK = "#23282c", "#3f6f68", "#d9d6cf", "#9d2b22"


def write(found: dict[str, Any]) -> None:
    text = json.dumps(found, indent=1, ensure_ascii=False)
    FIGURES.write_text(text + "\n", encoding="utf-8")
    PLOT.write_text(plot(found), encoding="utf-8")
    for page, figures in ((PAGE, table(found)), (CAPACITY, capacity.table(found))):
        page.write_text(filled(page.read_text(encoding="utf-8"), figures), encoding="utf-8")


def filled(text: str, figures: str) -> str:
    """The page with its figures replaced. Raises ValueError when it has no place."""
    before, found, rest = text.partition(BEGIN)
    _old, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError("the page lacks its markers")
    return f"{before}{BEGIN}\n{figures}\n{END}{after}"


def table(found: dict[str, Any]) -> str:
    """All figures of a run in Markdown."""
    return "\n".join(
        [
            *_machine(found["machine"], found["products"]),
            *_pages(found["pages"]),
            *_buying(found.get("buying")),
            *_growth(found["growth"]),
            *_rest(found),
            *_promises(found["promises"]),
        ]
    )


def _machine(machine: dict[str, Any], products: int) -> Iterator[str]:
    yield (
        f"\nMeasured on {machine['date']}: {machine['processors']} processors"
        f" ({machine['processor']}), {machine['memory_gb']} GB, {machine['system']};"
        f" Python {machine['python']}, Django {machine['django']}, PostgreSQL"
        f" {machine['postgresql']}; code of {machine['commit']}; {products:,} products."
        f" Load when it began: {machine['load']}.\n"
    )


def _pages(lines: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        "| page | app ms | database ms | bare ms | times bare | a second | p50 ms | p95 ms | p99 ms"
        " | queries | KB sent | KB of HTML |"
    )
    yield "|---|" + "---:|" * 11
    for one in lines:
        yield (
            f"| {one['label']} | {one['app']:.2f} | {one['database']:.2f} | {one['bare']:.2f}"
            f" | {one['ratio']:.1f} | {one['per_second']:.0f} | {one['p50']:.1f} | {one['p95']:.1f}"
            f" | {one['p99']:.1f} | {one['queries']} | {one['bytes_sent'] / 1000:.1f}"
            f" | {one['bytes_plain'] / 1000:.1f} |"
        )


def _buying(buying: dict[str, Any] | None) -> Iterator[str]:
    if not buying:
        return
    queries = buying["steps"]["queries"]
    yield "\n| step of a guest's order | app ms | database ms | p50 ms | p95 ms | queries |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name, one in buying["steps"].items():
        if name != "queries":
            yield (
                f"| {name} | {one['app']:.1f} | {one['database']:.1f} | {one['p50']:.0f}"
                f" | {one['p95']:.0f} | {queries[name]} |"
            )
    yield f"| all of it | {buying['order']:.1f} together | | | | {sum(queries.values())} |"
    yield "\n| shoppers at once | orders | failed | orders a second | p50 of placing | p95 | p99 |"
    yield "|---:|---:|---:|---:|---:|---:|---:|"
    for one in buying["together"]:
        yield (
            f"| {one['shoppers']} | {one['orders']} | {one['failed']} | {one['per_second']:.1f}"
            f" | {one['p50']:.0f} ms | {one['p95']:.0f} ms | {one['p99']:.0f} ms |"
        )
    if crowd := buying.get("crowd"):
        said = ", ".join(f"{number} × {status}" for status, number in crowd["answers"].items())
        yield (
            f"\n{crowd['size']} shoppers press the button at one moment and there are"
            f" {crowd['units']} units: {crowd['sold']} sold; answers: {said}; the last one after"
            f" {crowd['seconds']:.1f} s."
        )


def _growth(growth: dict[str, dict[str, float]]) -> Iterator[str]:
    sizes = sorted({size for costs in growth.values() for size in costs}, key=int)
    if len(sizes) < 2:
        return
    names = " | ".join(f"{int(size):,} products" for size in sizes)
    yield f"\n| fresh page, times bare | {names} | growth |"
    yield "|---|" + "---:|" * (len(sizes) + 1)
    for name, costs in growth.items():
        have = [size for size in sizes if size in costs]
        grown = costs[have[-1]] / costs[have[0]]
        cells = " | ".join(f"{costs[size]:.1f}" if size in costs else "" for size in sizes)
        yield f"| {name} | {cells} | {grown:.2f}× |"


def _rest(found: dict[str, Any]) -> Iterator[str]:
    if memory := found.get("memory"):
        yield (
            f"\nMemory of the largest web process: {memory['before_mb']:.0f} MB before,"
            f" {memory['largest_mb']:.0f} MB after {memory['requests']:,} mixed requests;"
            f" {memory['shared_mb']:.0f} MB for {memory['workers']} processes, what they share"
            " counted once."
        )
    if work := found.get("work"):
        yield f"\nAn order costs the worker {work['worker']:.0f} ms of the processor afterwards."


def _promises(promises: list[dict[str, Any]]) -> Iterator[str]:
    yield "\n| promise | figure | at most or least | |"
    yield "|---|---:|---:|---|"
    for one in promises:
        unit = f" {one['unit']}" if one["unit"] else ""
        said = "holds" if one["holds"] else "**missed**"
        yield f"| {one['text']} | {one['figure']:.1f}{unit} | {one['limit']:.1f}{unit} | {said} |"


def plot(found: dict[str, Any]) -> str:
    """Bars of every page's cost in bare pages, on a scale by powers of ten; a mark is the promise."""
    lines = found["pages"]
    height = ROW * len(lines) + 70
    most = max(100.0, *(one["ratio"] for one in lines), *(one["limit"] or 0 for one in lines))
    span = WIDTH - LEFT - RIGHT

    def across(ratio: float) -> float:
        return LEFT + span * log10(max(ratio, 1.0)) / log10(most)

    parts = list(_axis(most, height, across))
    for place, one in enumerate(lines):
        parts += _bar(one, 44 + place * ROW, across)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}"'
        f' height="{height}" font-family="sans-serif" font-size="12" fill="{INK}" role="img">'
        "<title>What a page costs, as times a bare page of the same size</title>"
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>' + "".join(parts) + "</svg>\n"
    )


def _axis(most: float, height: int, across: Any) -> Iterator[str]:
    yield '<text x="12" y="18" font-weight="bold">Processor time, as times a bare page (a mark: what was promised)</text>'
    ratio = 1.0
    while ratio <= most:
        for step in (1, 2, 5):
            if ratio * step <= most:
                x = across(ratio * step)
                yield f'<line x1="{x:.1f}" x2="{x:.1f}" y1="34" y2="{height - 14}" stroke="{LINE}"/>'
                yield f'<text x="{x:.1f}" y="30" text-anchor="middle">{ratio * step:.0f}</text>'
        ratio *= 10


def _bar(one: dict[str, Any], top: int, across: Any) -> Iterator[str]:
    end = across(one["ratio"])
    yield f'<text x="{LEFT - 8}" y="{top + 12}" text-anchor="end">{escape(one["label"])}</text>'
    yield f'<rect x="{LEFT}" y="{top}" width="{end - LEFT:.1f}" height="15" fill="{BAR}"/>'
    yield f'<text x="{end + 6:.1f}" y="{top + 12}">{one["ratio"]:.1f}</text>'
    if one["limit"]:
        x = across(one["limit"])
        yield (
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top - 2}" y2="{top + 17}" stroke="{LIMIT_MARK}"'
            ' stroke-width="2"/>'
        )
