"""Measure the shop on this machine: python bench/run.py [--full] [--lines category,product]

Fills databases of 1,000 and 10,000 products (--full: also 100,000, and 100,000 orders), opens the
shop as production runs it, and measures pages, buying and memory against a bare Django page of the
same size from the same processes. Prints a line per figure and one per promise, and writes
docs/performance.md, its plot and docs/performance.json (--dry: prints only). Exit code 1 when a
promise is missed. On two processors the quick run takes some ten minutes and the first time five
more to fill the databases, which are kept in .data/bench; --full takes three quarters of an hour,
and half an hour more the first time.

--lines measures only what has one of these words in its name (also: buying, memory, dashboard) and
writes nothing. --data-dir takes a folder whose PostgreSQL and Valkey are running already.

python bench/run.py NAME [arguments] runs one of the other measurements here on servers started
for it: --list names them. Figures are of this machine at this moment; compare ratios, not seconds.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from bench.table import paper  # noqa: E402
from bench.table.house import House  # noqa: E402
from bench.table.run import FULL, QUICK, run  # noqa: E402
from shop.embedded import paths  # noqa: E402

DATA_DIR = ROOT / ".data" / "bench"
OTHERS = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("run", "wsgi"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--list", action="store_true", help="name the other measurements")
    parser.add_argument("--full", action="store_true", help="all sizes, more rounds")
    parser.add_argument("--sizes", default="", help="numbers of products, smallest first")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument("--lines", default="", help="words in names of lines, by commas")
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR, help="running servers' folder")
    name, *arguments = sys.argv[1:] or [""]
    if name in OTHERS:
        return within(House(DATA_DIR, tell), lambda house: other(house, name, arguments))
    asked = parser.parse_args()
    if asked.list:
        print("\n".join(OTHERS))
        return 0
    return within(House(asked.data_dir.resolve(), tell), lambda house: table(house, asked))


def within(house: House, measure: Callable[[House], int]) -> int:
    """Measure while the servers run; the exit code says whether all is well."""
    try:
        house.open()
        return measure(house)
    except KeyboardInterrupt:
        return 130
    finally:
        house.close()


def table(house: House, asked: argparse.Namespace) -> int:
    lines = tuple(word.strip() for word in asked.lines.split(",") if word.strip())
    wish = replace(FULL if asked.full else QUICK, lines=lines)
    if asked.sizes:
        wish = replace(wish, sizes=tuple(int(size) for size in asked.sizes.split(",")))
    found = run(house, wish)
    if not (asked.dry or lines):
        paper.write(found)
    for one in found["promises"]:
        said = "holds " if one["holds"] else "MISSED"
        tell(f"{said}  {one['text']}: {one['figure']:g} {one['unit']} (promised {one['limit']:g})")
    return 0 if all(one["holds"] for one in found["promises"]) else 1


def other(house: House, name: str, arguments: list[str]) -> int:
    environment = {
        **os.environ,
        "SECRET_KEY": "only-for-this-measurement",
        "DATABASE_URL": paths.database_url(house.folder),
        "REDIS_URL": paths.redis_url(house.folder),
    }
    line = [sys.executable, str(HERE / f"{name}.py"), *arguments]
    return subprocess.run(line, env=environment, check=False).returncode


def tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
