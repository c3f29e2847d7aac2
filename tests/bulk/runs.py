"""Runs on many orders, asked for and worked off in few words."""

from django.utils import timezone

from shop.processes import bulk

NOW = timezone.now()


def asked(kind, *orders, actor=None, parcels=(), **options):
    rows = [(one.pk, None) for one in orders] + [(one.order_id, one.pk) for one in parcels]
    return bulk.ask(kind=kind, rows=rows, options=options, actor=actor, now=NOW)


def worked(run, *, rows=None):
    """Work a run off, or only so many rows of it, as a worker that dies there."""
    steps = bulk.work(run_id=run.pk, now=timezone.now)
    for done, _step in enumerate(steps, 1):
        if done == rows:
            break
    steps.close()
    run.refresh_from_db()
    return run


def report(run):
    """(outcome, words) of each row, in their order."""
    return list(run.rows.order_by("position").values_list("outcome", "words"))
