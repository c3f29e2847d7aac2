"""Every night's answer to whether the numbers agree, kept."""

import datetime as dt
import json
from dataclasses import asdict

from payments.models import Reconciliation
from shop.lib.workdays import shop_day
from shop.processes.bookkeeping.reconcile import INVARIANTS, reconcile


def keep(*, now: dt.datetime) -> Reconciliation:
    """Check every promise and keep the day's answer; asked again, the later one counts."""
    found = [json.loads(json.dumps(asdict(one), default=str)) for one in reconcile(now=now)]
    answer, _is_new = Reconciliation.objects.update_or_create(
        day=shop_day(now),
        defaults={"ran_at": now, "promises": len(INVARIANTS), "findings": found},
    )
    return answer
