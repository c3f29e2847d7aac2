"""Stock as a table: what is where, taken along and brought back with other numbers."""

from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import StockItem, StockMovement
from inventory.queries.scope import places_of, within
from inventory.services.stock import Why
from shop.admin.file_in import FileIn
from shop.lib.batches import read_in_parts
from shop.processes.stocktaking import files

SHOWN = ("allocated", "reserved", "available")
AT_ONCE = 1000


class StockFile(FileIn):
    columns = (*files.COLUMNS, *SHOWN)
    columns_told = lazy(
        "Columns: sku, location (its code), on_hand: units that are there, whoever they are promised to."
        " A row that would break a promise is refused. At most 2,000 rows; other columns are not read."
    )

    def rows_of(self, request: HttpRequest) -> Iterator[list[object]]:
        items = StockItem.objects.select_related("variant", "location").order_by("pk")
        for item in read_in_parts(within(items, request.user, "location"), AT_ONCE):
            shown = [getattr(item, name) for name in SHOWN]
            yield [item.variant.sku, item.location.code, item.on_hand, *shown]

    def take_file(self, request: HttpRequest, file: Path) -> int:
        why = Why(
            kind=StockMovement.Kind.ADJUSTMENT,
            now=timezone.now(),
            reason=_("From a file"),
            actor=request.user,  # type: ignore[arg-type]
        )
        return files.take(path=file, why=why, places=places_of(request.user))
