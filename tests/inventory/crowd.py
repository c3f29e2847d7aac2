"""Many carts after few units, in processes of their own, while the warehouse goes on working."""

import datetime as dt
import multiprocessing
import random
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

from django.db import OperationalError, connections, transaction
from django.utils import timezone

from inventory.models import Location, Reservation, StockItem, StockMovement
from inventory.services import reservations, stock
from inventory.services.stock import OutOfStock, StockRefused, Why

Kind = StockMovement.Kind
PATIENCE = dt.timedelta(minutes=15)
# What a cart does in the end, and what staff do after some carts.
ENDS = ("keeps", "keeps", "cancels", "is sent", "goes away")


@dataclass(frozen=True)
class Crowd:
    """scarce: the variant that all carts want. places: location ids."""

    scarce: int
    others: tuple[int, ...]
    places: tuple[int, ...]
    carts: int
    is_mixed: bool = True
    seed: int = 1

    def run(self, processes):
        """Returns a Counter of what happened, and the seconds it took."""
        shares = [range(number, self.carts, processes) for number in range(processes)]
        # Nobody shares a connection with a child.
        connections.close_all()
        begun = time.perf_counter()
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, mp_context=fork) as pool:
            found = sum(pool.map(self.work, shares), Counter())
        return found, time.perf_counter() - begun

    def work(self, carts):
        connections.close_all()
        happened = Counter()
        for number in carts:
            chance = random.Random(self.seed * 10_000 + number)
            happened[_guarded(self.shop, chance, happened)] += 1
            if self.is_mixed and number % 3 == 0:
                happened[_guarded(self.work_in_store, chance, happened)] += 1
        connections.close_all()
        return happened

    # Shoppers

    def shop(self, chance, happened):
        wanted = {self.scarce: 1}
        if self.is_mixed:
            wanted |= {pk: 1 for pk in self.others if chance.random() < 0.6}
        lines = list(wanted.items())
        # Carts name their goods in any order.
        chance.shuffle(lines)
        shopper, now = uuid4(), timezone.now()
        if self.is_mixed and chance.random() < 0.7:
            reservations.reserve(holder=shopper, wanted=dict(lines), now=now, until=now + PATIENCE)
            happened["reserved"] += 1
        end = chance.choice(ENDS) if self.is_mixed else "keeps"
        if end == "goes away":
            reservations.free(holder=shopper)
            return "went away"
        holders = self._order(shopper, dict(lines), happened)
        if holders is None:
            reservations.free(holder=shopper)
            return "was too late"
        happened["ordered"] += 1
        return self._end(end, holders)

    @transaction.atomic
    def _order(self, shopper, wanted, happened):
        stock.hold(variant_ids=wanted)
        own = Reservation.objects.filter(holder=shopper)
        kept = Counter(dict(own.values_list("stock_item__variant_id", "quantity")))
        lines = {uuid4(): (pk, units) for pk, units in wanted.items()}
        now = timezone.now()
        try:
            stock.allocate(lines=lines, reference="race", now=now, shopper=shopper)
        except OutOfStock as refusal:
            # What was kept for him, he must get.
            happened["blocked by himself"] += any(kept[pk] >= wanted[pk] for pk in refusal.short)
            return None
        return list(lines)

    def _end(self, end, holders):
        now = timezone.now()
        if end == "cancels":
            stock.release(holders=holders, reference="race", now=now)
            return "canceled"
        if end == "is sent":
            try:
                stock.consume(
                    quantities=dict.fromkeys(holders, 1), reference="race", actor=None, now=now
                )
            except StockRefused:
                # A count took it back before it left.
                return "was taken back"
            return "sent"
        return "kept"

    # The warehouse

    @transaction.atomic
    def work_in_store(self, chance, happened):
        variants = [self.scarce, *self.others]
        chance.shuffle(variants)
        place = Location.objects.get(pk=chance.choice(self.places))
        is_count = chance.random() < 0.4
        now = timezone.now()
        why = Why(kind=Kind.COUNT if is_count else Kind.RECEIPT, now=now, reason="race")
        stock.hold(variant_ids=variants, location=place)
        for pk in variants:
            if is_count:
                there = StockItem.objects.get(variant=pk, location=place).on_hand
                counted = max(0, there + chance.choice([-1, 0]))
                done = stock.set_on_hand(
                    variant_id=pk, on_hand=counted, why=why, location=place, take_back=True
                )
                happened["promises taken back"] += len(done.shortages)
            else:
                stock.change_on_hand(variant_id=pk, change=1, why=why, location=place)
        return "counted" if is_count else "received"


def _guarded(act, chance, happened):
    try:
        return act(chance, happened)
    except OperationalError as error:
        return "deadlock" if "deadlock" in str(error) else "waited too long"


def promised():
    """Units of each variant that are promised, and that are there."""
    rows = StockItem.objects.values_list("variant_id", "on_hand", "allocated", "reserved")
    found = {}
    for variant, *counts in rows:
        found[variant] = [a + b for a, b in zip(found.get(variant, [0, 0, 0]), counts, strict=True)]
    return found
