"""What shoppers add to a piece: their answers beside a cart line, their pictures kept apart."""

import datetime as dt
import hashlib
import json
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Exists, Func, JSONField, OuterRef, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from catalog.models import Extra
from catalog.queries.extras import Answer, BadExtras
from orders.models import Cart, CartLine, OrderLine, Upload
from shop.lib import uploads

Kind = Extra.Kind
TICKED = "yes"
MOST_PICTURES = 20
UNUSED_FOR = dt.timedelta(days=1)
CART_LIVES = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Filled:
    """Cleaned form values by extra id: words, ticks, the bytes of pictures, keys of earlier ones."""

    words: Mapping[int, str]
    pictures: Mapping[int, bytes]
    kept: Mapping[int, str]


NOTHING = Filled({}, {}, {})


def answers_of(*, filled: Filled, cart: Cart, now: dt.datetime) -> list[Answer]:
    """The answers as a cart line keeps them; new pictures are stored with the locked cart.

    Raises BadExtras for too many pictures, or a picture of somebody else's.
    """
    found = dict(filled.words)
    found |= _own(filled.kept, cart)
    if filled.pictures:
        if Upload.objects.filter(cart=cart).count() + len(filled.pictures) > MOST_PICTURES:
            text = _("A basket has room for %(count)s pictures. Please order these first.")
            raise BadExtras(text % {"count": MOST_PICTURES})
        for extra, data in filled.pictures.items():
            found[extra] = _keep(data, cart, now)
    return [{"extra": extra, "value": value} for extra, value in sorted(found.items()) if value]


def _own(kept: Mapping[int, str], cart: Cart) -> dict[int, str]:
    if not kept:
        return {}
    keys = {extra: key for extra, key in kept.items() if _is_key(key)}
    own = Upload.objects.filter(cart=cart, key__in=keys.values()).values_list("key", flat=True)
    known = {str(key) for key in own}
    if len(known & set(keys.values())) < len(set(kept.values())):
        raise BadExtras(_("The picture is gone. Please choose it again."))
    return keys


def _is_key(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _keep(data: bytes, cart: Cart, now: dt.datetime) -> str:
    name = f"{secrets.token_hex(16)}.webp"
    upload = Upload(cart=cart, created_at=now)
    with uploads.put(upload.file, name=name, content=data):
        upload.save()
    return str(upload.key)


def digest(answers: Sequence[Answer]) -> str:
    """Tells lines of one variant with different answers apart; empty without any."""
    if not answers:
        return ""
    text = json.dumps(answers, sort_keys=True, ensure_ascii=False)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def fields_of(answers: Iterable[Answer]) -> list[tuple[str, str]]:
    """Form fields that say the same again: (name, value)."""
    given = list(answers)
    files = set(
        Extra.objects.filter(pk__in=[one["extra"] for one in given], kind=Kind.FILE).values_list(
            "pk", flat=True
        )
    )
    return [
        (f"extra-{one['extra']}{'-kept' if one['extra'] in files else ''}", str(one["value"]))
        for one in given
    ]


def hand_over_pictures(*, lines: Iterable[tuple[OrderLine, CartLine]]) -> None:
    """Tie the pictures of cart lines to the order lines they became."""
    for line, was in lines:
        keys = [one["value"] for one in was.answers if _is_key(str(one["value"]))]
        if keys:
            Upload.objects.filter(cart=was.cart_id, key__in=keys).update(line=line)


@transaction.atomic
def sweep(*, now: dt.datetime, limit: int = 500) -> int:
    """Delete pictures that no basket and no order needs. Returns how many."""
    naming_it = Func(
        JSONObject(value=Cast(OuterRef("key"), TextField())),
        function="jsonb_build_array",
        output_field=JSONField(),
    )
    needed = CartLine.objects.filter(
        cart=OuterRef("cart"),
        cart__ordered_at=None,
        cart__updated_at__gte=now - CART_LIVES,
        answers__contains=naming_it,
    )
    unused = Upload.objects.filter(~Exists(needed), line=None, created_at__lt=now - UNUSED_FOR)
    rows = list(unused.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:limit])
    Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        transaction.on_commit(partial(row.file.delete, save=False), robust=True)
    return len(rows)
