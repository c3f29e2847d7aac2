"""The batches of a stock item: what expires first leaves first, and they always add up."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from inventory.models import Batch, StockItem, StockPolicy
from inventory.services.terms import Lot, StockRefused
from shop.lib.workdays import shop_day

# Who sorts by this takes what has no date last.
NEVER = dt.date.max


@dataclass
class Lots:
    """The batches of one tracked stock item. What expires before `good_from` is not sold."""

    item: StockItem
    good_from: dt.date
    now: dt.datetime
    rows: list[Batch] = field(default_factory=list)

    @property
    def stale(self) -> int:
        """Units that lie there and are not to be sold any more."""
        return sum(batch.on_hand for batch in self.rows if not self.is_good(batch))

    def is_good(self, batch: Batch) -> bool:
        return (batch.expires_on or NEVER) >= self.good_from

    def find(self, lot: Lot) -> Batch:
        """The batch with this label; a new one, not saved, where there is none."""
        for batch in self.rows:
            if (batch.code, batch.expires_on) == (lot.code, lot.expires_on):
                return batch
        label = {"stock_item": self.item, "code": lot.code, "expires_on": lot.expires_on}
        # Used up long ago, perhaps: those are not read without need.
        batch = Batch.objects.filter(**label).first() or Batch(**label, received_at=self.now)
        self.rows.append(batch)
        return batch

    def leaving(self, units: int, lot: Lot | None = None) -> list[tuple[Batch, int]]:
        """Which batches so many units are taken from. Raises StockRefused when a lot has fewer."""
        if lot is None:
            return list(_shares(self.rows, units))
        batch = self.find(lot)
        if batch.on_hand < units:
            raise StockRefused(
                _("There are only %(count)s units of batch “%(batch)s”.")
                % {"count": batch.on_hand, "batch": batch}
            )
        return [(batch, units)]

    def sold(self, units: int) -> list[tuple[Batch, int]]:
        """The same for a buyer: nothing that is past its date. Raises StockRefused."""
        good = list(filter(self.is_good, self.rows))
        if sum(batch.on_hand for batch in good) < units:
            raise StockRefused(_("What is left of this is past its date and can't be sent."))
        return list(_shares(good, units))

    def settle(self) -> list[Batch]:
        """Make the batches add up to what is on hand. Returns those that changed."""
        surplus = sum(batch.on_hand for batch in self.rows) - self.item.on_hand
        if surplus > 0:
            shares = list(_shares(self.rows, surplus))
        elif surplus < 0:
            shares = [(self.find(Lot()), surplus)]
        else:
            return []
        for batch, units in shares:
            batch.on_hand -= units
        return [batch for batch, _units in shares]


def _shares(rows: Iterable[Batch], units: int) -> Iterator[tuple[Batch, int]]:
    """Take units from what expires first, and of that from what came first."""
    for batch in sorted(rows, key=_turn):
        if taken := min(units, batch.on_hand):
            units -= taken
            yield batch, taken


def _turn(batch: Batch) -> tuple[dt.date, dt.datetime, int]:
    return batch.expires_on or NEVER, batch.received_at, batch.pk or 0


def of(
    *, items: Iterable[StockItem], policies: Mapping[int, StockPolicy], now: dt.datetime
) -> dict[int, Lots]:
    """The batches of tracked stock items, by stock item. No query when nothing is tracked."""
    found = {
        item.pk: Lots(item, shop_day(now) + dt.timedelta(days=policy.days_fresh), now)
        for item in items
        if (policy := policies.get(item.variant_id)) and policy.tracks_batches
    }
    if found:
        for batch in Batch.objects.filter(stock_item__in=found, on_hand__gt=0):
            found[batch.stock_item_id].rows.append(batch)
    return found
