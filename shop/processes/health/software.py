"""What is installed, and which of it has known holes."""

import datetime as dt
import platform
from importlib.metadata import version

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.lib import advisories
from shop.lib.release import release
from shop.processes.health.lights import Light, State

# (as it is called, its package)
PARTS = (
    ("Django", "django"),
    ("Celery", "celery"),
    ("psycopg", "psycopg"),
    ("redis-py", "redis"),
    ("gunicorn", "gunicorn"),
    ("allauth", "django-allauth"),
    ("Pillow", "pillow"),
    ("Unfold", "django-unfold"),
)


def versions() -> list[tuple[str, str]]:
    """Names and versions; the servers' own are on their lights."""
    return [
        (_("Shop"), release()),
        ("Python", platform.python_version()),
        *((name, version(package)) for name, package in PARTS),
    ]


def holes(*, now: dt.datetime) -> Light:
    """Known vulnerabilities of what is installed, and how old that knowledge is."""
    today = now.date()
    day = advisories.looked_up_on()
    known = advisories.open_findings(on=today)
    looked = _("Last looked up on %(day)s.") % {"day": f"{day:%d %B %Y}"}
    name = lazy("Known vulnerabilities")
    if known:
        told = "; ".join(f"{one.package} {one.version}: {one.advisory}" for one in known)
        return Light("holes", name, State.BAD, f"{told}. {looked}")
    is_old = today - day > advisories.FRESH
    return Light(
        "holes", name, State.WATCH if is_old else State.GOOD, f"{_('None known.')} {looked}"
    )
