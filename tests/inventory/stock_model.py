"""Stock as a child would keep it: dictionaries, and the rules in plain words.

Where units lie that were promised is read from the shop; how many they are is worked out here.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from inventory.models import Allocation, Reservation

NEVER = "9999"


@dataclass
class Model:
    sends: dict[str, bool]
    limits: dict[str, int]
    tracked: set[str]
    on_hand: Counter = field(default_factory=Counter)  # (variant, place)
    damaged: Counter = field(default_factory=Counter)
    lots: defaultdict = field(default_factory=lambda: defaultdict(Counter))
    promised: list = field(default_factory=list)  # [holder, variant, place, units], oldest first
    kept: list = field(default_factory=list)  # [shopper, variant, place, units, until]
    waiting: list = field(default_factory=list)  # [holder, variant, units], oldest first
    missing: dict = field(default_factory=dict)  # holder -> (variant, units)

    # What there is

    def held(self, holder, variant, place=None):
        rows = (row for row in self.promised if row[:2] == [holder, variant])
        return sum(units for _h, _v, at, units in rows if place in (None, at))

    def taken(self, variant, place):
        promised = sum(u for _h, v, p, u in self.promised if (v, p) == (variant, place))
        return promised + sum(u for _s, v, p, u, _t in self.kept if (v, p) == (variant, place))

    def stale(self, variant, place, good_from):
        lots = self.lots[variant, place].items()
        return sum(units for (_code, day), units in lots if (day or NEVER) < good_from)

    def free(self, variant, good_from):
        return sum(
            max(
                0,
                self.on_hand[variant, p]
                - self.taken(variant, p)
                - self.stale(variant, p, good_from),
            )
            for p in self._places(variant)
        )

    def _places(self, variant):
        return [p for (v, p) in list(self.on_hand) if v == variant and self.sends[p]]

    def own(self, shopper, variant):
        rows = (row for row in self.kept if row[0] == shopper and row[1] == variant)
        return sum(units for _s, _v, place, units, _t in rows if self.sends[place])

    def offered(self, shopper, variant, good_from):
        """What a shopper may have from the shelf: his own, and what nobody waits for."""
        free = self.free(variant, good_from) - self.waits(variant)
        return self.own(shopper, variant) + max(0, free)

    def waits(self, variant):
        return sum(units for _h, v, units in self.waiting if v == variant)

    def room(self, variant):
        return self.limits.get(variant, 0) - self.waits(variant)

    # What happens

    def drop_expired(self, variants, now):
        self.kept = [row for row in self.kept if row[1] not in variants or row[4] > now]

    def drop_own(self, shopper):
        self.kept = [row for row in self.kept if row[0] != shopper]

    def arrive(self, variant, place, units, lot=("", None)):
        self.on_hand[variant, place] += units
        if variant in self.tracked:
            self.lots[variant, place][lot] += units

    def leave(self, variant, place, units, good_from=""):
        """What expires first leaves first; good_from: nothing that expires before."""
        self.on_hand[variant, place] -= units
        if variant in self.tracked:
            lots = self.lots[variant, place]
            for lot in sorted(lots, key=lambda one: one[1] or NEVER):
                if (lot[1] or NEVER) >= good_from:
                    some = min(units, lots[lot])
                    lots[lot] -= some
                    units -= some

    def make_room(self, variant, place, on_hand):
        """Promises that can't be kept end: reservations first, the youngest first."""
        over = self.taken(variant, place) - on_hand
        for rows in (self.kept, self.promised):
            for row in reversed(rows):
                if over > 0 and (row[1], row[2]) == (variant, place):
                    some = min(over, row[3])
                    over -= some
                    row[3] -= some
                    if rows is self.promised:
                        _v, before = self.missing.get(row[0], (variant, 0))
                        self.missing[row[0]] = (variant, before + some)
            rows[:] = [row for row in rows if row[3]]

    def find(self, variant, good_from):
        """Whoever misses something is served, the oldest first."""
        free, got = self.free(variant, good_from), Counter()
        for holder, (v, units) in list(self.missing.items()):
            if v == variant and (some := min(free, units)):
                free -= some
                got[holder] += some
                self.missing[holder] = (v, units - some)
        self.missing = {h: one for h, one in self.missing.items() if one[1]}
        return got

    def fill(self, variant, free):
        """Whoever waits is served, the oldest first."""
        got = Counter()
        for row in self.waiting:
            if row[1] == variant and (some := min(free, row[2])):
                free -= some
                got[row[0]] += some
                row[2] -= some
        self.waiting = [row for row in self.waiting if row[2]]
        return got

    # What the shop says

    def promises(self):
        sums = Counter()
        for holder, variant, _place, units in self.promised:
            sums[holder, variant] += units
        return sums

    def read_places(self):
        """Where promised units lie, and who was promised first."""
        rows = Allocation.objects.order_by("created_at", "pk").values_list(
            "holder", "stock_item__variant__sku", "stock_item__location__code", "quantity"
        )
        self.promised = [list(row) for row in rows]
        kept = Reservation.objects.order_by("created_at", "pk").values_list(
            *("holder", "stock_item__variant__sku", "stock_item__location__code"),
            *("quantity", "until"),
        )
        self.kept = [list(row) for row in kept]
