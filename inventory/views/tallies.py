"""A delivery that is being unpacked: kept in the session until it is booked in.

Every scan and every figure is sent at once, so a reload, a dead battery or a browser without
script loses nothing. Nothing of it touches stock.
"""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from inventory.forms import figures
from inventory.forms.figures import BadFigure
from inventory.models import PurchaseOrder, PurchaseOrderLine
from inventory.services.receipts import Came
from inventory.services.stock import Lot

SHELF = "receiving"
FIELDS = ("now", "rejected", "reason", "batch", "best_before")
LONGEST = 200
Draft = dict[str, Any]


class Tally:
    """What came of an order so far, as it was typed: line id > field > text."""

    def __init__(self, request: HttpRequest, order: PurchaseOrder) -> None:
        self._session, self._name = request.session, str(order.pk)
        kept: Draft = request.session.get(SHELF, {}).get(self._name, {})
        self.key = figures.key(kept.get("key")) or uuid4()
        self.delivery_note: str = kept.get("delivery_note", "")
        self._lines: dict[str, dict[str, str]] = kept.get("lines", {})

    def of(self, line: PurchaseOrderLine) -> dict[str, str]:
        return self._lines.get(str(line.pk), {})

    def take(self, sent: QueryDict, lines: list[PurchaseOrderLine]) -> None:
        """Keep what the form holds, sense or nonsense: it is judged when it is booked."""
        self.delivery_note = sent.get("delivery_note", self.delivery_note)[:60]
        for line in lines:
            typed = {
                name: str(sent[f"{name}_{line.pk}"]).strip()[:LONGEST]
                for name in FIELDS
                if f"{name}_{line.pk}" in sent
            }
            if any(typed.values()) or str(line.pk) in self._lines:
                self._lines.setdefault(str(line.pk), {}).update(typed)

    def add(self, line: PurchaseOrderLine, units: int) -> int:
        """One scan more. Returns what the line comes to. Raises BadFigure over nonsense."""
        kept = self._lines.setdefault(str(line.pk), {})
        total = (figures.units(kept.get("now")) or 0) + units
        kept["now"] = str(total)
        return total

    def came(self, lines: list[PurchaseOrderLine]) -> list[Came]:
        """What is to be booked. Raises BadFigure, naming the line."""
        return [one for line in lines if (one := self._came(line))]

    def _came(self, line: PurchaseOrderLine) -> Came | None:
        typed = self.of(line)
        try:
            good = figures.units(typed.get("now")) or 0
            rejected = figures.units(typed.get("rejected")) or 0
            best_before = figures.day(typed.get("best_before"))
        except BadFigure as refusal:
            words = _("%(sku)s: %(problem)s")
            raise BadFigure(words % {"sku": line.variant.sku, "problem": refusal}) from refusal
        if not good and not rejected:
            return None
        code = typed.get("batch", "")[:40]
        return Came(
            line_id=line.pk,
            quantity=good,
            rejected=rejected,
            reason=typed.get("reason", ""),
            lot=Lot(code, best_before) if code or best_before else None,
        )

    def keep(self) -> None:
        drafts = self._session.setdefault(SHELF, {})
        drafts[self._name] = {
            "key": str(self.key),
            "delivery_note": self.delivery_note,
            "lines": self._lines,
        }
        self._session.modified = True

    def forget(self) -> None:
        self._session.get(SHELF, {}).pop(self._name, None)
        self._session.modified = True

    @property
    def is_empty(self) -> bool:
        return not any(any(fields.values()) for fields in self._lines.values())
