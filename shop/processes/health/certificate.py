"""How long the certificate still holds that shoppers are shown."""

import datetime as dt
import socket
import ssl
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.processes.health.lights import Light, State

NAME = lazy("Certificate")
PATIENCE = 3
# It does not change by the minute, and every look is a connection.
KEPT_SECONDS = 600
WATCH_DAYS, BAD_DAYS = 21, 7


def certificate(*, now: dt.datetime, trust: ssl.SSLContext | None = None) -> Light:
    """`trust` is for tests: whom to believe instead of the machine's authorities."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        return Light("certificate", NAME, State.WATCH, _("None: the shop is not under https."))
    host, port = address.hostname or "", address.port or 443
    key = f"health:certificate:{host}:{port}"
    try:
        ends = cache.get(key) or _ends(host, port, trust or ssl.create_default_context())
    except ssl.SSLCertVerificationError as error:
        says = _("Browsers refuse it: %(reason)s.") % {"reason": error.verify_message}
        return Light("certificate", NAME, State.BAD, says)
    except OSError:
        says = _("%(host)s could not be asked from here.") % {"host": host}
        return Light("certificate", NAME, State.WATCH, says)
    cache.set(key, ends, timeout=KEPT_SECONDS)
    return _judged(ends, now)


def _judged(ends: dt.datetime, now: dt.datetime) -> Light:
    days = (ends - now).days
    state = State.GOOD
    if days < WATCH_DAYS:
        state = State.BAD if days < BAD_DAYS else State.WATCH
    says = _("Ends in %(days)s days, on %(day)s.") % {"days": days, "day": f"{ends:%d %B %Y}"}
    return Light("certificate", NAME, state, says)


def _ends(host: str, port: int, trust: ssl.SSLContext) -> dt.datetime:
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as line,
        trust.wrap_socket(line, server_hostname=host) as shielded,
    ):
        told = shielded.getpeercert() or {}
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(str(told["notAfter"])), tz=dt.UTC)
