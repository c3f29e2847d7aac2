"""Importing: read the file, save in batches, count the stock, show it, owe the pictures."""

import datetime as dt
import logging
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from catalog.models import Category, Market
from catalog.services.imports import formats, saving
from catalog.services.imports.batch import Batch, Outcome, Target
from catalog.services.imports.reading import Scan
from catalog.services.imports.rows import Notes, ProductRow
from inventory.models import StockMovement
from inventory.services import counts
from inventory.services.stock import Why
from payments.services.books import goods
from shop.lib import csvfiles
from shop.lib.csvfiles import FileRefused
from shop.outbox import delivery
from shop.outbox.models import Message
from shop.processes import browsing, filling

logger = logging.getLogger(__name__)
BATCH = 200


@dataclass(frozen=True, slots=True)
class Wish:
    """What to import, and how. `market` is a code; blank: the main market, no category."""

    path: Path
    format: str = "auto"
    market: str = ""
    category: str = ""
    dry_run: bool = False


@dataclass
class Report:
    """What came of it: numbers are products unless they say otherwise."""

    notes: Notes
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    variants: int = 0
    images: int = 0
    seconds: float = 0

    def as_json(self) -> dict[str, Any]:
        count = Counter(self.outcomes.values())
        return {
            "created": count[Outcome.CREATED],
            "updated": count[Outcome.UPDATED],
            "skipped": count[Outcome.SKIPPED] + self.notes.left_out,
            "errors": [
                note.as_json() for note in sorted(self.notes.errors, key=lambda n: n.line or 0)
            ],
            "warnings": [note.as_json() for note in self.notes.all_warnings()],
            "products": len(self.outcomes),
            "variants": self.variants,
            "images": self.images,
            "seconds": round(self.seconds, 2),
        }

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all could be read."""
        return not self.outcomes and not self.notes.left_out


@dataclass
class _Run:
    target: Target
    dry_run: bool
    report: Report
    batches: int = 0


def import_products(*, wish: Wish, now: dt.datetime) -> Report:
    """Import a file of products. The good rows go in; the others are in the report.

    Raises FileRefused when the file can't be read at all, or market or category is unknown.
    """
    started = time.monotonic()
    scan = Scan()
    name = formats.named(wish.format, wish.path)
    with formats.table(name, wish.path) as table, _rehearsal(wish.dry_run):
        chosen = formats.pick(name, table.columns, now=now)
        _note_columns(scan.notes, table, chosen)
        target = Target(chosen.source, _market(wish.market), _category(wish.category), now)
        run = _Run(target, wish.dry_run, Report(scan.notes))
        for rows in _batches(chosen.read(table.rows, scan)):
            _take(rows, run)
    run.report.seconds = time.monotonic() - started
    return run.report


@contextmanager
def _rehearsal(dry_run: bool) -> Iterator[None]:  # noqa: FBT001
    """A dry run does everything and takes all of it back."""
    if not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _note_columns(notes: Notes, table: csvfiles.Table, chosen: formats.Format) -> None:
    for sentence in table.notes:
        notes.warn(None, sentence)
    if names := formats.unknown(chosen, table.columns):
        listed = ", ".join(names[:8]) + (" …" if len(names) > 8 else "")
        notes.warn(
            None,
            _("%(count)s columns are not ours and were ignored: %(names)s.")
            % {"count": len(names), "names": listed},
        )


def _market(code: str) -> Market:
    markets = Market.objects.in_order()
    market = markets.filter(code=code).first() if code else markets.first()
    if market is None:
        raise FileRefused(
            _("There is no market “%(code)s”.") % {"code": code}
            if code
            else _("There is no market yet to set prices in: create one first.")
        )
    return market


def _category(url_path: str) -> Category | None:
    if not url_path:
        return None
    category: Category | None = Category.objects.filter(url_path=url_path.strip("/")).first()
    if category is None:
        raise FileRefused(_("There is no category “%(path)s”.") % {"path": url_path})
    return category


def _batches(products: Iterable[ProductRow]) -> Iterator[list[ProductRow]]:
    """A few hundred products at a time; later lines of one that is in the batch join it."""
    batch: dict[str, ProductRow] = {}
    for row in products:
        if row.ref in batch:
            batch[row.ref].absorb(row)
            continue
        if len(batch) == BATCH:
            yield list(batch.values())
            batch = {}
        batch[row.ref] = row
    if batch:
        yield list(batch.values())


def _take(rows: list[ProductRow], run: _Run) -> None:
    """Save a batch; when the database refuses it, save its products one by one."""
    run.batches += 1
    try:
        batch, notes = _save(rows, run)
    except DatabaseError as error:
        logger.warning("batch refused: %s", type(error).__name__, extra={"count": len(rows)})
        if len(rows) > 1:
            for row in rows:
                _take([row], run)
        else:
            run.report.notes.error(
                rows[0].line,
                _("“%(ref)s” could not be saved: it contradicts what is in the shop.")
                % {"ref": rows[0].ref},
            )
        return
    _add(batch, notes, run.report)


def _save(rows: list[ProductRow], run: _Run) -> tuple[Batch, Notes]:
    with transaction.atomic(durable=not run.dry_run):
        batch = saving.save(rows=rows, target=run.target)
        _count_stock(batch, run)
        if not run.dry_run:
            # Told apart by the moment: two batches of one run may hold the same product.
            moment = run.target.now + dt.timedelta(microseconds=run.batches)
            browsing.cards_are_stale(product_ids=batch.changed_products(), now=moment)
            _owe_pictures(batch.new_images, run.target.now)
    return batch, batch.notes


def _count_stock(batch: Batch, run: _Run) -> None:
    wanted, refs, lines = {}, {}, {}
    for row, line, variant in batch.sold():
        if line.quantity is None:
            continue
        if line.quantity < 0:
            batch.notes.tally(line.line, _("Stock below zero counts as none."))
        wanted[variant.pk] = max(0, line.quantity)
        refs[variant.pk], lines[variant.pk] = row.ref, line.line
    changed = news = counts.news(on_hand=wanted)
    if not run.dry_run and news:
        why = Why(kind=StockMovement.Kind.COUNT, now=run.target.now, reason=_("Import"))
        counted = counts.take(on_hand=news, why=why)
        goods.post_movements(counted.movements)
        # Who waits for what the list found gets it.
        filling.fill(variant_ids=counted.changed, now=run.target.now)
        changed = dict.fromkeys(counted.changed, 0)
        for variant_id, promised in counted.refused.items():
            batch.notes.error(
                lines[variant_id],
                _("%(count)s units are promised to orders; the stock stays as it is.")
                % {"count": promised},
            )
    for variant_id in changed:
        batch.touched(refs[variant_id])


def _owe_pictures(image_ids: list[int], now: dt.datetime) -> None:
    Message.objects.bulk_create(
        [
            Message(
                topic="images.fetch",
                key=f"image-{image_id}-fetch",
                payload={"image_id": image_id},
                created_at=now,
                due_at=now,
            )
            for image_id in image_ids
        ],
        ignore_conflicts=True,
    )
    if image_ids:
        delivery.ring()


def _add(batch: Batch, notes: Notes, report: Report) -> None:
    report.notes.add(notes)
    report.variants += batch.variant_count
    report.images += batch.image_count
    for ref, outcome in batch.outcomes.items():
        report.outcomes[ref] = max(outcome, report.outcomes.get(ref, outcome))
