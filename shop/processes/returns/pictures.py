"""Pictures of a case: written anew before they are kept."""

import datetime as dt
import secrets
from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from catalog.services import images
from orders.models import CasePhoto, Claim, Order, Return
from shop.lib.errors import Refused
from shop.processes.returns.wanted import Photo

MOST = 10


class TooManyPhotos(Refused):
    """Raised when somebody sends more pictures than anybody looks at."""


def cleaned(photos: Sequence[Photo]) -> list[Photo]:
    """The same, each decoded and encoded again. Raises TooManyPhotos, PictureRefused.

    It takes a while: call it before a transaction.
    """
    if len(photos) > MOST:
        raise TooManyPhotos(_("Send at most %(count)s pictures.") % {"count": MOST})
    return [Photo(one.line_id, images.normalise(one.content)) for one in photos]


def keep(
    *,
    photos: Sequence[Photo],
    order: Order,
    now: dt.datetime,
    rma: Return | None = None,
    claim: Claim | None = None,
) -> None:
    """Keep cleaned pictures with their case. One of a line of another order is of no line."""
    lines = set(order.lines.values_list("pk", flat=True))
    for one in photos:
        name = f"{secrets.token_hex(16)}.webp"
        line_id = one.line_id if one.line_id in lines else None
        row = CasePhoto(rma=rma, claim=claim, order_line_id=line_id, added_at=now)
        row.file.save(name, ContentFile(one.content, name), save=True)
