"""Working a run off: row by row, each in its own transaction, carried on by whoever comes next."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator

from django.core.files.base import ContentFile
from django.db import OperationalError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from shipping.models import BulkRow, BulkRun
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition
from shop.lib.locks import locked
from shop.processes.bulk.asking import OVER, Status
from shop.processes.bulk.handlers import FINISHERS, HANDLERS
from shop.processes.bulk.terms import Handler

logger = logging.getLogger(__name__)
BATCH = 20
Outcome = BulkRow.Outcome
Answer = tuple[str, str]
Clock = Callable[[], dt.datetime]


def work(*, run_id: int, now: Clock) -> Iterator[None]:
    """Carry a run on to its end; stops for breath after every row.

    May be called again after a crash, or twice at once: what is written down as done is not done
    again, and what another worker has in hand is left to it.
    """
    run = _begin(run_id, now())
    if run is None:
        return
    handler = HANDLERS[run.kind]
    while rows := _waiting(run):
        was_any = False
        for row_id in rows:
            was_any |= _do(handler, run, row_id, now())
            yield
        if not was_any:
            return
    _finish(run, now)


@transaction.atomic(durable=True)
def _begin(run_id: int, now: dt.datetime) -> BulkRun | None:
    found = locked(BulkRun.objects.filter(pk=run_id).select_related("asked_by"))
    if not found or found[0].status in OVER:
        return None
    (run,) = found
    if run.status == Status.WAITING:
        run.status, run.started_at = Status.RUNNING, now
        run.save(update_fields=["status", "started_at"])
    return run


def _waiting(run: BulkRun) -> list[int]:
    rows = BulkRow.objects.filter(run=run, outcome="", run__status=Status.RUNNING)
    return list(rows.order_by("position").values_list("pk", flat=True)[:BATCH])


def _do(handler: Handler, run: BulkRun, row_id: int, now: dt.datetime) -> bool:
    """Whether the row was ours to do."""
    return (
        _do_at_once(handler, run, row_id, now)
        if handler.is_atomic
        else _do_apart(handler, run, row_id, now)
    )


@transaction.atomic(durable=True)
def _do_at_once(handler: Handler, run: BulkRun, row_id: int, now: dt.datetime) -> bool:
    row = _hold(row_id)
    if row is None:
        return False
    _write(row, _answer(handler, run, row, now), now)
    return True


def _do_apart(handler: Handler, run: BulkRun, row_id: int, now: dt.datetime) -> bool:
    row = BulkRow.objects.filter(pk=row_id, outcome="").select_related("order").first()
    if row is None:
        return False
    answer = _answer(handler, run, row, now)
    with transaction.atomic(durable=True):
        ours = _hold(row_id)
        if ours is not None:
            _write(ours, answer, now)
    return ours is not None


def _hold(row_id: int) -> BulkRow | None:
    rows = BulkRow.objects.filter(pk=row_id, outcome="").select_related("order")
    return rows.select_for_update(of=("self",), skip_locked=True).first()


def _answer(handler: Handler, run: BulkRun, row: BulkRow, now: dt.datetime) -> Answer:
    """What came of a row. A broken one is reported and stops nobody else."""
    try:
        if not handler.is_atomic:
            return Outcome.DONE, handler.do(row, run.options, run.asked_by, now)
        with transaction.atomic():
            return Outcome.DONE, handler.do(row, run.options, run.asked_by, now)
    except Refused as refusal:
        return Outcome.REFUSED, refusal.message
    except InvalidTransition:
        return Outcome.REFUSED, _("Its state changed meanwhile.")
    except OperationalError:
        # The database itself: the row is tried again by whoever carries the run on.
        raise
    except Exception:
        logger.exception("row of a run failed", extra={"run": run.pk, "row": row.pk})
        return Outcome.REFUSED, _("Something went wrong here; it is in the log.")


def _write(row: BulkRow, answer: Answer, now: dt.datetime) -> None:
    row.outcome, row.words, row.at = answer[0], answer[1][:300], now
    row.save(update_fields=["outcome", "words", "at"])
    counted = {row.Outcome.DONE.value: "done", row.Outcome.REFUSED.value: "refused"}[row.outcome]
    BulkRun.objects.filter(pk=row.run_id).update(**{counted: F(counted) + 1})


def _finish(run: BulkRun, now: Clock) -> None:
    """Make the run's file, if it makes one, and close it."""
    run.refresh_from_db()
    if run.status != Status.RUNNING:
        return
    made = _made(run, now())
    with transaction.atomic(durable=True):
        (run,) = locked(BulkRun.objects.filter(pk=run.pk))
        if run.status != Status.RUNNING or run.rows.filter(outcome="").exists():
            return
        if made:
            run.file.save(made[0], ContentFile(made[1]), save=False)
        run.status, run.finished_at = Status.DONE, now()
        run.save(update_fields=["status", "finished_at", "file"])


def _made(run: BulkRun, now: dt.datetime) -> tuple[str, bytes] | None:
    finisher = FINISHERS.get(run.kind)
    if finisher is None or not run.done:
        return None
    try:
        return finisher(run, now)
    except Refused as refusal:
        options = {**run.options, "problem": refusal.message}
        BulkRun.objects.filter(pk=run.pk).update(options=options)
        return None
