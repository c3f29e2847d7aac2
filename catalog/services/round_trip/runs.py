"""The states of an import: brought, checked, applied, taken back."""

import datetime as dt
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.core.files.base import File
from django.db.models import Count
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import ImportRow, ImportRun
from catalog.services.round_trip import files
from shop.lib.csvfiles import FileRefused
from shop.lib.errors import Refused
from shop.lib.locks import locked

Status = ImportRun.Status
Outcome = ImportRow.Outcome
KINDS = {".csv": "CSV", ".xlsx": "Excel"}
COUNTED = {
    Outcome.CREATED: "created",
    Outcome.UPDATED: "updated",
    Outcome.SKIPPED: "skipped",
    Outcome.REFUSED: "failed",
}


class NotNow(Refused):
    """Raised when an import is not in the state that this step begins from."""


def look_at(upload: "File[bytes]") -> str:
    """The ending under which an upload is kept. Raises FileRefused, in words for who brought it."""
    ending = Path(upload.name or "").suffix.lower()
    if ending not in KINDS:
        raise FileRefused(_("Bring a CSV or XLSX file."))
    if (upload.size or 0) > files.MAX_BYTES:
        told = {"size": files.MAX_BYTES >> 20}
        raise FileRefused(_("The file is larger than %(size)s MB.") % told)
    return ending


def bring(*, upload: "File[bytes]", actor: User, now: dt.datetime) -> ImportRun:
    """Keep a file under a name of our own, to be checked. Raises FileRefused."""
    ending = look_at(upload)
    run = ImportRun(name=Path(upload.name or "").name[:200], actor=actor, created_at=now)
    run.file.save(f"{secrets.token_hex(12)}{ending}", upload, save=False)
    try:
        with files.table(Path(run.file.path)):
            pass
    except FileRefused:
        run.file.delete(save=False)
        raise
    run.save()
    return run


def plan(*, name: str, rows: Iterable[ImportRow], actor: User, now: dt.datetime) -> ImportRun:
    """An import without a file: rows that were made here, ready to be applied."""
    planned = list(rows)
    run = ImportRun.objects.create(
        name=name[:200],
        status=Status.READY,
        actor=actor,
        created_at=now,
        total=len(planned),
        done=len(planned),
    )
    for row in planned:
        row.run = run
    ImportRow.objects.bulk_create(planned)
    count(run)
    return run


def begin(*, run_id: int, to: str) -> ImportRun:
    """Lock an import and take its next step: applying what is ready, undoing what is applied.

    Raises NotNow.
    """
    came_from = {Status.APPLYING: Status.READY, Status.UNDOING: Status.APPLIED}[Status(to)]
    (run,) = locked(ImportRun.objects.filter(pk=run_id))
    if run.status != came_from:
        told = {"state": run.get_status_display()}
        raise NotNow(_("This import can't take that step: it is “%(state)s”.") % told)
    run.status, run.done, run.finished_at = to, 0, None
    run.save(update_fields=["status", "done", "finished_at"])
    return run


def finish(run: ImportRun, *, to: str, now: dt.datetime) -> None:
    run.status, run.finished_at = to, now
    run.save(update_fields=["status", "finished_at"])


def fail(*, run_id: int, problem: str, now: dt.datetime) -> None:
    """Close an import whose file can't be read."""
    ImportRun.objects.filter(pk=run_id).update(
        status=Status.FAILED, problem=problem[:300], finished_at=now
    )


def count(run: ImportRun) -> None:
    """Write down how many rows there are of each outcome."""
    found = dict(run.rows.values_list("outcome").annotate(Count("pk")).order_by())
    for outcome, name in COUNTED.items():
        setattr(run, name, found.get(outcome, 0))
    run.save(update_fields=list(COUNTED.values()))
