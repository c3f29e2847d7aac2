"""Whether the numbers agreed last night."""

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from payments.models import Reconciliation
from shop.processes.health.lights import Light, State

LATE = dt.timedelta(days=2)


def promises(*, now: dt.datetime) -> Light:
    name = lazy("Promises")
    last = Reconciliation.objects.order_by("-day").first()
    if last is None:
        return Light("promises", name, State.WATCH, _("Never checked yet."))
    broken = sum(one["level"] == "broken" for one in last.findings)
    says = _("%(count)s broken on %(day)s.") % {"count": broken, "day": f"{last.day:%d %B}"}
    if broken:
        return Light("promises", name, State.BAD, says)
    state = State.WATCH if last.day < now.date() - LATE else State.GOOD
    return Light("promises", name, state, says)
