"""How well the search finds: python bench/search_quality.py --products FILE --judgments FILE

--products   JSON lines, gzipped or not, as `import_products --format jsonl` takes them
--judgments  CSV with query, product_id, rating (0 to 3); may be given again. A file with query and
             typo_query instead asks the slips of the pen, judged as their queries are
--known      CSV with type, query, expected_id: what should be found first (MRR@10)
--keep NAME  keep the database under this name, and take it as it is the next time
--each       print each query's figure, too

Imports through the shop's own import into a database made for it, builds the cards, and asks the
function that the search page asks. Needs a running PostgreSQL (DATABASE_URL or DATA_DIR).
nDCG@10: gain 2^rating - 1, unjudged products count 0, queries without a rated product are left out;
"judged" leaves unjudged products out of the list, as judgments came from another engine's results.
"""

import argparse
import csv
import json
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean, quantiles

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
os.environ.setdefault("SECRET_KEY", "only-for-this-measurement")
django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from catalog.models import Card, Market  # noqa: E402
from catalog.queries import search  # noqa: E402
from catalog.services import search_words  # noqa: E402
from shop.outbox.models import Message  # noqa: E402
from shop.processes import browsing  # noqa: E402
from shop.processes.importing import Wish, import_products  # noqa: E402

DEPTH = 10
Ratings = Mapping[str, Mapping[str, float]]
Ask = Callable[[str], Sequence[str]]


def main() -> int:
    asked = _arguments()
    if not asked.products:
        print("Nothing to measure: give --products and --judgments (see --help).")
        return 0
    before = connection.settings_dict["NAME"]
    if asked.keep:
        connection.settings_dict.setdefault("TEST", {})["NAME"] = asked.keep
    connection.creation.create_test_db(
        verbosity=0, autoclobber=True, serialize=False, keepdb=bool(asked.keep)
    )
    try:
        market = Market.objects.filter(code="uk").first() or _fill(asked.products)
        print(json.dumps(_figures(asked, _asker(market)), indent=1))
    finally:
        connection.creation.destroy_test_db(before, verbosity=0, keepdb=bool(asked.keep))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--products", type=Path)
    parser.add_argument("--judgments", type=Path, action="append", default=[])
    parser.add_argument("--known", type=Path, action="append", default=[])
    parser.add_argument("--keep", default="")
    parser.add_argument("--each", action="store_true")
    return parser.parse_args()


def _fill(path: Path) -> Market:
    """Import the file, build the cards, count the words."""
    market = Market.objects.create(code="uk", name="UK", currency="GBP", countries=["GB"])
    clock, now = time.monotonic(), timezone.now()
    report = import_products(wish=Wish(path=path, format="jsonl"), now=now).as_json()
    # What the import owes is done here and now.
    Message.objects.all().delete()
    imported = time.monotonic() - clock
    browsing.refresh_cards(product_ids=None, now=now)
    search_words.count(market=market)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    counts = {name: report[name] for name in ("created", "updated", "skipped")}
    counts["errors"] = len(report["errors"])
    seconds = {"import": round(imported, 1), "cards": round(time.monotonic() - clock - imported, 1)}
    print(json.dumps({"products": counts, "seconds": seconds}), flush=True)
    return market


def _asker(market: Market) -> Ask:
    refs = dict(Card.objects.filter(market=market).values_list("pk", "product__source_ref"))
    slugs = dict(Card.objects.filter(market=market).values_list("slug", "product__source_ref"))

    def ask(query: str) -> list[str]:
        """References of what the search page shows, best first; a redirect shows one."""
        found = search.find(search.cleaned(query), market)
        first = [slugs[found.slug]] if found.slug else []
        return list(dict.fromkeys([*first, *(refs[pk] for pk in found.ids)]))

    return ask


def _figures(asked: argparse.Namespace, ask: Ask) -> dict[str, object]:
    times: list[float] = []

    def timed(query: str) -> Sequence[str]:
        clock = time.perf_counter()
        found = ask(query)
        times.append(time.perf_counter() - clock)
        return found

    ratings, slips = _judgments(row for path in asked.judgments for row in _rows(path))
    figures: dict[str, object] = {}
    pairs = [(query, query) for query in ratings]
    for name, asked_pairs in (("queries", pairs), ("typos", slips)):
        if judged := [(q, typed) for q, typed in asked_pairs if any(ratings[q].values())]:
            figures[name] = _judge(judged, ratings, timed, each=asked.each)
    for path in asked.known:
        figures["known"] = _known(_rows(path), timed, each=asked.each)
    if len(times) > 1:
        figures["ms"] = {"median": _ms(times, 50), "p95": _ms(times, 95)}
    return figures


def _judgments(
    rows: Iterable[Mapping[str, str]],
) -> tuple[dict[str, dict[str, float]], list[tuple[str, str]]]:
    """Ratings by query and product, and the slips of the pen as (query, typed)."""
    ratings: dict[str, dict[str, float]] = defaultdict(dict)
    slips = []
    for row in rows:
        if "typo_query" in row:
            slips.append((row["query"], row["typo_query"]))
        else:
            ratings[row["query"]][row["product_id"]] = float(row["rating"])
    return ratings, slips


def _judge(
    pairs: Iterable[tuple[str, str]], ratings: Ratings, ask: Ask, *, each: bool
) -> dict[str, object]:
    scores, judged = [], []
    for query, typed in pairs:
        found = ask(typed)
        scores.append(ndcg(found, ratings[query]))
        judged.append(ndcg([one for one in found if one in ratings[query]], ratings[query]))
        if each:
            print(f"{scores[-1]:.3f} {judged[-1]:.3f} {typed}")
    return {
        "count": len(scores),
        "ndcg@10": round(mean(scores), 4),
        "ndcg@10 judged": round(mean(judged), 4),
    }


def _known(rows: Iterable[Mapping[str, str]], ask: Ask, *, each: bool) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        first = list(ask(row["query"]))[:DEPTH]
        place = first.index(row["expected_id"]) + 1 if row["expected_id"] in first else 0
        found[row["type"]].append(1 / place if place else 0.0)
        if each and place != 1:
            print(f"{place:>5} {row['type']} {row['query']}")
    everything = [one for ones in found.values() for one in ones]
    return {f"mrr {kind}": round(mean(ones), 4) for kind, ones in found.items()} | {
        "mrr": round(mean(everything), 4)
    }


def ndcg(found: Sequence[str], ratings: Mapping[str, float]) -> float:
    best = sorted(ratings.values(), reverse=True)
    return _gain([ratings.get(one, 0) for one in found]) / _gain(best)


def _gain(ratings: Sequence[float]) -> float:
    return sum((2**r - 1) / math.log2(n) for n, r in enumerate(ratings[:DEPTH], start=2))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ms(times: Sequence[float], percent: int) -> float:
    return round(1000 * quantiles(times, n=100)[percent - 1], 1)


if __name__ == "__main__":
    sys.exit(main())
