"""The catalogue out and in again: a file is brought, checked, applied, and taken back if need be.

A transaction per batch, and the place reached is kept in it: a worker that dies is carried on from.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import ImportRow, ImportRun, Price, Product, Variant
from catalog.services.round_trip import (
    changing,
    checking,
    columns,
    planning,
    runs,
    undoing,
    writing,
)
from catalog.services.round_trip.changing import PRODUCT
from catalog.services.round_trip.desk import Desk
from catalog.services.round_trip.pieces import Why
from inventory.models import StockItem
from orders.models import OrderLine
from shop.lib.csvfiles import FileRefused
from shop.lib.errors import Refused
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post
from shop.processes import browsing

BATCH = 100
COST = "inventory.view_cost"
Status = ImportRun.Status
Outcome = ImportRow.Outcome


@transaction.atomic(durable=True)
def bring(*, upload: "File[bytes]", actor: User, now: dt.datetime) -> ImportRun:
    """Take a file in and owe its check. Raises FileRefused when it can't be read at all."""
    run = runs.bring(upload=upload, actor=actor, now=now)
    _owe(run, "check", actor, now)
    return run


@transaction.atomic(durable=True)
def apply(*, run_id: int, actor: User, now: dt.datetime) -> None:
    """Owe the writing of what was checked. Raises NotNow."""
    _owe(runs.begin(run_id=run_id, to=Status.APPLYING), "apply", actor, now)


@transaction.atomic(durable=True)
def undo(*, run_id: int, actor: User, now: dt.datetime) -> None:
    """Owe the taking back of what was written. Raises NotNow."""
    _owe(runs.begin(run_id=run_id, to=Status.UNDOING), "undo", actor, now)


def apply_at_once(*, run_id: int, actor: User, now: dt.datetime) -> None:
    """Write what few rows say while somebody waits. Raises NotNow."""
    with transaction.atomic(durable=True):
        runs.begin(run_id=run_id, to=Status.APPLYING)
    for _batch in work(run_id=run_id, actor_id=actor.pk, now=now):
        pass


def _owe(run: ImportRun, step: str, actor: User, now: dt.datetime) -> None:
    payload: dict[str, Any] = {"run_id": run.pk, "actor_id": actor.pk}
    post(topic="imports.work", key=f"import-{run.pk}-{step}", payload=payload, now=now)
    delivery.ring()


def work(*, run_id: int, actor_id: int | None, now: dt.datetime) -> Iterator[None]:
    """Carry an import on through the step it is in; stops for breath after every batch."""
    run = ImportRun.objects.filter(pk=run_id).first()
    if run is None:
        return
    actor = User.objects.filter(pk=actor_id or 0).first()
    sheet = columns.sheet(with_cost=actor is None or actor.has_perm(COST))
    if run.status == Status.CHECKING:
        yield from _check(run, sheet, Why(actor, now, _("Import %(name)s") % {"name": run.name}))
        return
    is_undo = run.status == Status.UNDOING
    words = _("Undo of %(name)s") if is_undo else "%(name)s"
    why = Why(actor, now, words % {"name": run.name})
    while _batch(run_id, sheet, why):
        yield


# Checking


def _check(run: ImportRun, sheet: columns.Sheet, why: Why) -> Iterator[None]:
    try:
        draft = checking.read(Path(run.file.path), sheet)
    except (FileRefused, OSError) as refusal:
        told = getattr(refusal, "message", _("The file is gone."))
        runs.fail(run_id=run.pk, problem=told, now=why.now)
        return
    for lines in draft.batches():
        if not _check_batch(run.pk, lines, draft, sheet, why):
            return
        yield
    _checked(run.pk, draft, why.now)


def _check_batch(
    run_id: int, lines: list[checking.Line], draft: checking.Draft, sheet: columns.Sheet, why: Why
) -> bool:
    """Check what no other worker has; False when the import has moved on without us."""
    with transaction.atomic(durable=True):
        (run,) = locked(ImportRun.objects.filter(pk=run_id))
        if run.status != Status.CHECKING:
            return False
        seen = set(run.rows.values_list("number", flat=True))
        left = [line for line in lines if line.line not in seen]
        check = checking.Check(run=run, draft=draft, sheet=sheet, why=why)
        ImportRow.objects.bulk_create(check.rows(left))
        run.total, run.done = len(draft.lines), run.done + len(left)
        run.save(update_fields=["total", "done"])
    return True


def _checked(run_id: int, draft: checking.Draft, now: dt.datetime) -> None:
    with transaction.atomic(durable=True):
        (run,) = locked(ImportRun.objects.filter(pk=run_id))
        if run.status != Status.CHECKING:
            return
        run.problem = " ".join([*draft.notes, *_unknown(draft)])[:300]
        run.save(update_fields=["problem"])
        runs.count(run)
        runs.finish(run, to=Status.READY, now=now)


def _unknown(draft: checking.Draft) -> list[str]:
    if not draft.unknown:
        return []
    names = ", ".join(draft.unknown[:8]) + (" …" if len(draft.unknown) > 8 else "")
    return [_("Nobody knows these columns; they are left out: %(names)s.") % {"names": names}]


# Applying and undoing


def _batch(run_id: int, sheet: columns.Sheet, why: Why) -> bool:
    """The next rows, in a transaction with the place that is reached; False when none are left."""
    with transaction.atomic(durable=True):
        (run,) = locked(ImportRun.objects.filter(pk=run_id))
        if run.status not in (Status.APPLYING, Status.UNDOING):
            return False
        is_undo = run.status == Status.UNDOING
        rows = run.rows.order_by("-number" if is_undo else "number")[run.done : run.done + BATCH]
        batch = list(rows)
        if not batch:
            runs.count(run)
            runs.finish(run, to=Status.UNDONE if is_undo else Status.APPLIED, now=why.now)
            return False
        desk = _prepare(batch)
        touched = (
            _take_back(batch, desk, sheet, why) if is_undo else _apply(batch, desk, sheet, why)
        )
        run.done += len(batch)
        run.save(update_fields=["done"])
        browsing.cards_are_stale(product_ids=touched, now=why.now)
    return True


def _prepare(rows: Iterable[ImportRow]) -> Desk:
    """Lock what the rows are about, in the order everybody locks in, and fetch it."""
    ids = {int(row.before.get(PRODUCT) or row.after.get(PRODUCT) or 0) for row in rows}
    locked(Product.objects.filter(pk__in=ids))
    locked(Variant.objects.filter(product__in=ids))
    locked(Price.objects.filter(variant__product__in=ids))
    desk = Desk()
    variant_ids = {int(row.before.get(changing.VARIANT) or 0) for row in rows}
    desk.fetch(variant_ids=variant_ids, product_ids=ids - {0})
    return desk


def _apply(rows: list[ImportRow], desk: Desk, sheet: columns.Sheet, why: Why) -> set[int]:
    touched = _write(rows, desk, sheet, why)
    ImportRow.objects.bulk_update(rows, ["outcome", "problem", "after"])
    return touched


def _write(rows: Sequence[ImportRow], desk: Desk, sheet: columns.Sheet, why: Why) -> set[int]:
    """Do what each row says; returns the products that were touched."""
    touched = set()
    for row in rows:
        if row.outcome not in (Outcome.CREATED, Outcome.UPDATED):
            continue
        try:
            changing.change(row, desk=desk, sheet=sheet, why=why)
        except Refused as refusal:
            row.outcome, row.problem = Outcome.REFUSED, refusal.message[:500]
        else:
            touched.add(int(row.before.get(PRODUCT) or row.after[PRODUCT]))
    return touched


def _take_back(rows: list[ImportRow], desk: Desk, sheet: columns.Sheet, why: Why) -> set[int]:
    made = undoing.made_by(rows)
    ordered = OrderLine.objects.filter(variant__in=made).values_list("variant_id", flat=True)
    sold = {pk for pk in ordered if pk is not None}
    touched = set()
    for row in rows:
        if row.is_undone or row.outcome not in (Outcome.CREATED, Outcome.UPDATED):
            continue
        told = undoing.take_back(row, desk=desk, sheet=sheet, why=why, sold=sold)
        row.problem, row.is_undone = told[:500], not told
        touched.add(int(row.before.get(PRODUCT) or row.after.get(PRODUCT) or 0))
    ImportRow.objects.bulk_update(rows, ["problem", "is_undone"])
    return touched - {0}


# Going out


def on_hand(variant_ids: Sequence[int]) -> dict[int, int]:
    """Units on hand by variant, at all locations."""
    rows = StockItem.objects.filter(variant__in=variant_ids).values_list("variant_id")
    return dict(rows.annotate(Sum("on_hand")).order_by())


def as_csv(*, product_ids: Sequence[int], with_cost: bool) -> Iterator[str]:
    """Products as a CSV file, in pieces as it is made."""
    sheet = columns.sheet(with_cost=with_cost)
    return writing.as_csv(writing.lines(product_ids, sheet=sheet, on_hand=on_hand), sheet=sheet)


def as_workbook(*, product_ids: Sequence[int], with_cost: bool, path: Path, mark: str = "") -> None:
    """Products as an XLSX file, written to a path. mark: who takes it, as the last line."""
    sheet = columns.sheet(with_cost=with_cost)
    lines = writing.lines(product_ids, sheet=sheet, on_hand=on_hand)
    writing.as_workbook(lines, sheet=sheet, path=path, mark=mark)


# Many rows at once


def plan(
    *, name: str, product_ids: Sequence[int], wish: planning.Wish, actor: User, now: dt.datetime
) -> ImportRun:
    """What a wish would change in these products, row by row: tried, taken back and kept to apply."""
    sheet = columns.sheet(with_cost=True)
    why = Why(actor, now, name)
    with transaction.atomic(durable=True):
        rows = planning.rows(product_ids, wish=wish, sheet=sheet)
        planning.rehearse(rows, sheet=sheet, why=why)
        return runs.plan(name=name, rows=rows, actor=actor, now=now)


def edit(*, rows: Sequence[ImportRow], actor: User, now: dt.datetime) -> None:
    """Write edited rows; `problem` says of each why it was refused."""
    sheet = columns.sheet(with_cost=True)
    why = Why(actor, now, _("Edited in the grid"))
    with transaction.atomic(durable=True):
        touched = _write(rows, _prepare(rows), sheet, why)
        browsing.cards_are_stale(product_ids=touched, now=now)
