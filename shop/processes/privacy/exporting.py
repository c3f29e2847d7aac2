"""Everything about somebody as one file: JSON for machines, a page for people, and the files."""

import datetime as dt
import json
import tempfile
import zipfile
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from accounts.models import PrivacyRequest
from shop.lib.locks import locked
from shop.outbox import delivery
from shop.outbox.models import post
from shop.processes.privacy import gathering
from shop.processes.privacy.erasing import person_of
from shop.processes.privacy.gathering import Table
from shop.processes.privacy.person import Person
from shop.processes.privacy.requests import FILE_HOLDS, State

FOLDER = "private/exports"
# Beyond this much a file waits on disk while it is made.
IN_MEMORY = 8 * 1024 * 1024


def work(*, request_id: int, prefix: str, now: dt.datetime) -> PrivacyRequest:
    """Make the file of a proved request and say where it is. Safe to repeat."""
    request = PrivacyRequest.objects.select_related("customer").get(pk=request_id)
    if request.state not in (State.PROVED, State.WORKING):
        return request
    name = f"{FOLDER}/{request.number}.zip"
    # What a worker that died had begun.
    default_storage.delete(name)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with translation.override(request.language):
            write(file, person_of(request), now=now)
        file.seek(0)
        kept = default_storage.save(name, File(file))
    return _ready(request_id=request_id, name=kept, prefix=prefix, now=now)


@transaction.atomic(durable=True)
def _ready(*, request_id: int, name: str, prefix: str, now: dt.datetime) -> PrivacyRequest:
    request = locked(PrivacyRequest.objects.filter(pk=request_id))[0]
    if request.state not in (State.PROVED, State.WORKING):
        return request
    request.file, request.state = name, State.DONE
    request.done_at, request.expires_at = now, now + FILE_HOLDS
    request.save(update_fields=["file", "state", "done_at", "expires_at"])
    payload = {"request_id": request.pk, "prefix": prefix}
    post(topic="privacy.tell_ready", key=f"privacy-ready-{request.pk}", payload=payload, now=now)
    delivery.ring()
    return request


def write(file: IO[bytes], person: Person, *, now: dt.datetime) -> None:
    """The archive: everything.json, everything.html, and files/."""
    found = list(gathering.tables(person))
    with zipfile.ZipFile(file, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", _as_json(found, person, now))
        context = {"tables": found, "emails": person.emails, "made_at": now}
        page = render_to_string("accounts/privacy_export.html", context | {"shop": settings.SHOP})
        archive.writestr("everything.html", page)
        for table in found:
            for name in table.files:
                _add(archive, name)


def _as_json(found: list[Table], person: Person, now: dt.datetime) -> str:
    everything = {
        "shop": settings.SHOP["name"],
        "made_at": now,
        "about": person.emails,
        "data": {table.label: table.rows for table in found},
    }
    return json.dumps(everything, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _add(archive: zipfile.ZipFile, name: str) -> None:
    """One file; one that is not there any more is left out."""
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as source:
            archive.writestr(f"files/{PurePosixPath(name).name}", source.read())
