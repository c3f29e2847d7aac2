"""What a key does is on record: its writes by the database, its reading of people by hand."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest
from django.utils import timezone

from channels.models import ApiKey
from shop.api.doors import key_of
from shop.audit import services
from shop.audit.models import Entry
from shop.audit.reading import FEW
from shop.lib.http import client_address


def name_of(api_key: ApiKey) -> str:
    """How the log calls a key."""
    return f"API key {api_key}"


@contextmanager
def recorded(request: HttpRequest) -> Iterator[None]:
    """While this lasts, what is written is on record as the key's. Outside of transactions."""
    name, address = name_of(key_of(request)), client_address(request)
    with services.acting(None, address, request.path, name=name):
        yield


def seen(request: HttpRequest, *, act: str, count: int) -> None:
    """Write down that personal data of so many people was read at once; few are not worth it."""
    if count > FEW:
        services.note(
            kind=Entry.Kind.READ,
            act=act,
            actor=None,
            name=name_of(key_of(request)),
            request_address=client_address(request),
            path=request.path,
            count=count,
            now=timezone.now(),
        )


def said(request: HttpRequest, text: str) -> str:
    """Words for an order's history, where a key has no face: "Till: customer called"."""
    name = key_of(request).name
    return f"{name}: {text}" if text else name
