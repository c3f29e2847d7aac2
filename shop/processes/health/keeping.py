"""Disks and backups."""

import datetime as dt
import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from shop.backups import shelf
from shop.processes.health.lights import Light, State, above

PER_CENT = 100
# One a night, and some hours to make it.
LATE, FAR_TOO_LATE = dt.timedelta(hours=26), dt.timedelta(hours=50)


def disks() -> list[Light]:
    """One light per disk, however many of our folders lie on it."""
    names = {
        Path(settings.MEDIA_ROOT): _("media"),
        Path(settings.BACKUP_DIR): _("backups"),
        Path(settings.DATA_DIR): _("data"),
    }
    by_disk: dict[int, tuple[Path, list[str]]] = {}
    for folder, name in names.items():
        there = _nearest(folder)
        by_disk.setdefault(there.stat().st_dev, (there, []))[1].append(name)
    return [_disk(path, held) for path, held in by_disk.values()]


def backups(*, now: dt.datetime) -> Light:
    name = lazy("Backups")
    if not settings.BACKUP_RECIPIENT:
        return Light("backups", name, State.WATCH, _("Not set up: BACKUP_RECIPIENT is empty."))
    last = shelf.the_shops().newest()
    if last is None:
        return Light("backups", name, State.BAD, _("There is none yet."))
    age = now - last.at
    state = above(age.total_seconds(), watch=LATE.total_seconds(), bad=FAR_TOO_LATE.total_seconds())
    tried = _("tried out by a restore") if last.verified_at else _("never tried out")
    if not last.verified_at and state is State.GOOD:
        state = State.WATCH
    says = _("The last is %(hours)s hours old, %(size)s MB, %(tried)s; %(count)s are kept.") % {
        "hours": round(age.total_seconds() / 3600),
        "size": f"{last.bytes / 1e6:,.1f}",
        "tried": tried,
        "count": len(shelf.the_shops().backups()),
    }
    return Light("backups", name, state, says)


def _disk(path: Path, held: list[str]) -> Light:
    usage = shutil.disk_usage(path)
    full = usage.used / usage.total * PER_CENT
    told = {"full": f"{full:.0f}", "free": f"{usage.free / 1e9:,.1f}"}
    return Light(
        "disk",
        _("Disk of %(what)s") % {"what": ", ".join(held)},
        above(full, watch=85, bad=95),
        _("%(full)s per cent full, %(free)s GB free.") % told,
    )


def _nearest(folder: Path) -> Path:
    """The folder, or the one it will be made in."""
    return next(path for path in (folder, *folder.parents) if path.exists())
