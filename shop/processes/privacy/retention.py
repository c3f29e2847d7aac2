"""What is kept for how long. The kinds are code, the days are the shop's; a job forgets the rest."""

import datetime as dt
import logging
from collections.abc import Collection

from django.db import DatabaseError, transaction

from accounts.models import RetentionRule, RetentionRun
from shop.lib.locks import try_singleton
from shop.processes.privacy.periods import PERIODS, Period

logger = logging.getLogger(__name__)


def rules() -> list[RetentionRule]:
    """A rule for every kind, written down with the days we propose when it is first looked at."""
    known = {rule.kind: rule for rule in RetentionRule.objects.all()}
    return [known.get(kind) or _first(kind, period) for kind, period in PERIODS.items()]


def run(*, now: dt.datetime, kinds: Collection[str] = PERIODS.keys()) -> dict[str, int]:
    """Forget what is older than its rule says. Returns how many rows of each kind.

    One kind's trouble does not keep the others: it is written down with its run.
    """
    return {rule.kind: _follow(rule, now) for rule in rules() if rule.is_on and rule.kind in kinds}


def _first(kind: str, period: Period) -> RetentionRule:
    rule, _created = RetentionRule.objects.get_or_create(kind=kind, defaults={"days": period.days})
    return rule


def _follow(rule: RetentionRule, now: dt.datetime) -> int:
    before, count = now - dt.timedelta(days=rule.days), 0
    try:
        # Batch by batch: what is done stays done, and nobody waits for it long.
        while done := _batch(rule.kind, before):
            count += done
    except DatabaseError as error:
        logger.exception("retention failed", extra={"event": rule.kind})
        RetentionRun.objects.create(rule=rule, at=now, count=count, error=type(error).__name__)
        return count
    RetentionRun.objects.create(rule=rule, at=now, count=count)
    return count


@transaction.atomic
def _batch(kind: str, before: dt.datetime) -> int:
    """Zero as well when another worker is at this kind."""
    return PERIODS[kind].forget(before) if try_singleton(f"retention-{kind}") else 0
