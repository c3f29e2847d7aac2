"""What was scanned at the packing table so far, kept in the session until the parcel is closed."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.models import Variant
from inventory.queries import codes
from shipping.models import Fulfilment
from shipping.services import picks
from shop.lib.errors import Refused

SHELF = "packing"


class NotInParcel(Refused):
    """Raised for a piece that does not belong into this parcel, or not so often."""


class Checked:
    """Units of each piece that were scanned into a parcel."""

    def __init__(self, request: HttpRequest, parcel: Fulfilment) -> None:
        self._session, self._name = request.session, str(parcel.pk)
        kept = request.session.get(SHELF, {}).get(self._name, {})
        self.wanted = picks.wanted(parcel)
        self.seen = {int(pk): units for pk, units in kept.items()}

    def scan(self, text: str) -> int:
        """Count a piece; returns its variant's id. Raises CodeRefused, NotInParcel."""
        read = codes.read(text)
        variant = codes.variant_of(read.code)
        wanted, seen = self.wanted[variant.pk], self.seen.get(variant.pk, 0)
        if not wanted:
            words = _("%(sku)s does not belong into this parcel.")
            raise NotInParcel(words % {"sku": variant.sku})
        if seen + read.units > wanted:
            words = _("%(sku)s: all %(units)s are in the parcel already.")
            if seen < wanted:
                words = _("%(sku)s: %(units)s belong into this parcel, no more.")
            raise NotInParcel(words % {"sku": variant.sku, "units": wanted})
        self.seen[variant.pk] = seen + read.units
        self._keep()
        return variant.pk

    def check(self) -> None:
        """Who began to scan scans all of it. Raises NotInParcel, naming what is missing."""
        if not self.seen:
            return
        missing = [f"{row['left']} × {row['variant'].sku}" for row in self.rows() if row["left"]]
        if missing:
            raise NotInParcel(_("Still to be scanned: %(what)s.") % {"what": ", ".join(missing)})

    def rows(self) -> list[dict[str, Any]]:
        """Each piece with how many are wanted, seen and left."""
        known = Variant.objects.select_related("product").in_bulk(list(self.wanted))
        return [
            {
                "variant": known[pk],
                "wanted": units,
                "seen": self.seen.get(pk, 0),
                "left": units - self.seen.get(pk, 0),
            }
            for pk, units in self.wanted.items()
            if pk in known
        ]

    def _keep(self) -> None:
        self._session.setdefault(SHELF, {})[self._name] = self.seen
        self._session.modified = True

    def forget(self) -> None:
        self._session.get(SHELF, {}).pop(self._name, None)
        self._session.modified = True
