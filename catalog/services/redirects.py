"""Addresses that moved. The database leaves one by itself when a slug changes (see migrations);
these are the ones that staff enter. No chain is ever longer than one step.
"""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import Redirect
from shop.lib.errors import Refused
from shop.lib.locks import locked


class BadRedirect(Refused):
    """Raised for an address outside the shop, or one that would lead back to itself."""


@transaction.atomic
def add(*, old_path: str, new_path: str, now: dt.datetime) -> Redirect:
    """Send an old address to a new one, and whatever led to the old one as well."""
    old_path, new_path = tidy(old_path), tidy(new_path)
    further = Redirect.objects.filter(old_path=new_path).values_list("new_path", flat=True).first()
    new_path = further or new_path
    if old_path == new_path:
        raise BadRedirect(_("%(path)s would lead back to itself.") % {"path": old_path})
    followers = locked(Redirect.objects.filter(new_path=old_path))
    Redirect.objects.filter(pk__in=[one.pk for one in followers]).update(new_path=new_path)
    redirect, _created = Redirect.objects.update_or_create(
        old_path=old_path,
        defaults={"new_path": new_path, "is_automatic": False},
        create_defaults={"new_path": new_path, "created_at": now},
    )
    return redirect


def tidy(path: str) -> str:
    """A path below the market's prefix, with the slash at its end. Raises BadRedirect."""
    path = path.strip()
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    if not is_ours or any(letter.isspace() for letter in path):
        raise BadRedirect(_("Write an address of this shop, such as /p/stoneware-mug/."))
    has_more = path.endswith("/") or "?" in path or "#" in path
    return path if has_more else f"{path}/"
