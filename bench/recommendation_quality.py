"""How good recommendations are: python bench/recommendation_quality.py --train FILE [--test FILE]

Files in the form of shared invoices (csv or csv.gz): invoice, txn, line_kind, stock_code, quantity,
invoice_at, customer_id. Sales of products count. Without --test the last weeks of the train file
are set aside (--weeks, 8 unless told). Calls what the nightly job calls, and prints JSON.

bought_together, hit rate@10: for every invoice of the test with two or more products, each of its
  products in turn is the one at hand; a hit is any other product of the invoice among the 10
  recommended beside it. The share of hits is taken per invoice, then the mean over invoices: what
  one product drawn from each invoice gives on average. co_count is the same with the 10 products
  that were in most train invoices with it.
next_basket, hit rate@10: for every visit in the test of a customer with an earlier visit (in train
  or in the test), any of its products among 10 recommended from the earlier ones; best sellers and
  companions are learnt from train alone. A visit is what a customer ordered on one day, since this
  shop wrote an order of one morning on several invoices; by_invoice is the same with each invoice
  a visit of its own. own_favourites is what the customer bought most often, and nothing else.
"""

import argparse
import csv
import datetime as dt
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from shop.lib import affinity
from shop.lib.affinity import Affinities, Basket

AT = 10
Baskets = Sequence[Basket[str]]
Visits = Sequence[frozenset[str]]


def read(path: Path) -> list[Basket[str]]:
    """The invoices of a file, oldest first."""
    found: dict[str, tuple[str, dt.datetime, set[str]]] = {}
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["txn"] == "sale" and row["line_kind"] == "product" and int(row["quantity"]) > 0:
                at = dt.datetime.fromisoformat(row["invoice_at"])
                kept = found.setdefault(row["invoice"], (row["customer_id"], at, set()))
                kept[2].add(row["stock_code"])
    baskets = [Basket(buyer, at, frozenset(codes)) for buyer, at, codes in found.values()]
    return sorted(baskets, key=lambda basket: basket.at)


def split(baskets: Baskets, *, weeks: int) -> tuple[Baskets, Baskets]:
    cut = baskets[-1].at - dt.timedelta(weeks=weeks)
    return [b for b in baskets if b.at <= cut], [b for b in baskets if b.at > cut]


def bought_together(test: Baskets, beside: Callable[[str], Iterable[str]]) -> dict[str, object]:
    lists: dict[str, set[str]] = {}
    shares = []
    for basket in test:
        if len(basket.products) > 1:
            for product in basket.products - lists.keys():
                lists[product] = set(beside(product))
            hits = sum(
                not lists[product].isdisjoint(basket.products - {product})
                for product in basket.products
            )
            shares.append(hits / len(basket.products))
    return {"hit_rate": mean(shares), "invoices": len(shares)}


def next_basket(
    train: Baskets, test: Baskets, recommend: Callable[[Visits], Iterable[str]]
) -> dict[str, object]:
    earlier: dict[str, list[frozenset[str]]] = defaultdict(list)
    for basket in train:
        earlier[basket.buyer].append(basket.products)
    hits = []
    for basket in test:
        if basket.buyer:
            if past := earlier[basket.buyer]:
                hits.append(not basket.products.isdisjoint(recommend(past)))
            past.append(basket.products)
    return {"hit_rate": mean(hits), "visits": len(hits)}


def visits(baskets: Baskets) -> list[Basket[str]]:
    """All that one customer ordered on one day as one basket."""
    days: dict[object, Basket[str]] = {}
    for number, basket in enumerate(baskets):
        key = (basket.buyer, basket.at.date()) if basket.buyer else number
        before = days.get(key)
        products = before.products | basket.products if before else basket.products
        days[key] = Basket(basket.buyer, before.at if before else basket.at, products)
    return list(days.values())


def co_count(train: Baskets) -> Callable[[str], list[str]]:
    holding: dict[str, list[frozenset[str]]] = defaultdict(list)
    for basket in train:
        for product in basket.products:
            holding[product].append(basket.products)

    def beside(product: str) -> list[str]:
        counts = Counter(other for products in holding[product] for other in products)
        del counts[product]
        return most(counts)

    return beside


def favourites(past: Visits) -> list[str]:
    counts = Counter(product for products in past for product in products)
    return most(counts)


def most(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda product: (-counts[product], product))[:AT]


def mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def figures(train: Baskets, test: Baskets) -> dict[str, object]:
    known: Affinities[str] = affinity.learn(train, now=train[-1].at)
    best = dict(list(known.popular.items())[:200])

    def recommend(past: Visits) -> list[str]:
        return affinity.next_basket(past, known.companions, best, limit=AT)

    together = bought_together(test, lambda product: affinity.beside(product, known, limit=AT))
    following = next_basket(visits(train), visits(test), recommend)
    return {
        "train": {"invoices": len(train), "until": str(train[-1].at)},
        "test": {"invoices": len(test), "until": str(test[-1].at)},
        "bought_together": {
            **together,
            "co_count": bought_together(test, co_count(train))["hit_rate"],
        },
        "next_basket": {
            **following,
            "by_invoice": next_basket(train, test, recommend),
            "own_favourites": next_basket(visits(train), visits(test), favourites)["hit_rate"],
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--weeks", type=int, default=8)
    wish = parser.parse_args()
    if wish.train is None:
        print("Measures files of invoices: name one with --train.")
        return
    clock = time.process_time()
    train: Baskets = read(wish.train)
    train, test = (
        (train, read(wish.test)) if wish.test is not None else split(train, weeks=wish.weeks)
    )
    if not train or not test:
        sys.exit("No sales of products on one of the two sides.")
    print(json.dumps(figures(train, test) | {"cpu_seconds": round(time.process_time() - clock, 1)}))


if __name__ == "__main__":
    main()
