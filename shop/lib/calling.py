"""Telling something to an address that somebody else wrote: as guarded as asking it.

One connection, no redirects: what was meant for one server is not carried to another.
"""

import re
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass

import httpcore
from django.utils.translation import gettext as _

from shop.lib.fetch import BadAnswer, checked, tls
from shop.lib.network import Door, Guard, NotReached, Resolver, resolve

TAKEN = range(200, 300)
# Of an answer's words so many bytes are read, to be shown to people.
MOST_WORDS = 2_000
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]+")
BROKEN = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)


@dataclass(frozen=True, slots=True)
class Told:
    """What a server answered: its status, and the first words on one line."""

    status: int
    words: str


def safe_post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float,
    trusted: Collection[Door] = (),
    resolver: Resolver = resolve,
) -> None:
    """Post bytes within `timeout` seconds.

    `trusted` and `resolver` are for tests. Raises AddressRefused, NotReached, and BadAnswer for
    any answer but 2xx; all are FetchRefused.
    """
    told = post(
        url, body=body, headers=headers, timeout=timeout, trusted=trusted, resolver=resolver
    )
    if told.status not in TAKEN:
        raise BadAnswer(
            _("The server answered %(status)s.") % {"status": told.status}, status=told.status
        )


def post(
    url: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    timeout: float,
    trusted: Collection[Door] = (),
    resolver: Resolver = resolve,
) -> Told:
    """Post bytes within `timeout` seconds and return the answer, whatever it is.

    `trusted` and `resolver` are for tests. Raises AddressRefused and NotReached.
    """
    guard = Guard(time.monotonic() + timeout, frozenset(trusted), resolver)
    address = checked(url, guard)
    target = httpcore.URL(
        scheme=address.raw_scheme,
        host=address.raw_host,
        port=address.port,
        target=address.raw_path,
    )
    sent = {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": "Mercer",
        "Connection": "close",
        "Content-Length": str(len(body)),
        **headers,
    }
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls(), network_backend=guard) as pool,
            pool.stream("POST", target, headers=list(sent.items()), content=body) as response,
        ):
            return Told(response.status, _words_of(response))
    except BROKEN:
        raise NotReached(_("The server did not answer in time.")) from None


def _words_of(response: httpcore.Response) -> str:
    """The status has come: a body that breaks off, or never ends, takes nothing from it."""
    start = bytearray()
    with suppress(*BROKEN):
        for chunk in response.iter_stream():
            start += chunk
            if len(start) >= MOST_WORDS:
                break
    return UNPRINTABLE.sub(" ", start[:MOST_WORDS].decode("utf-8", "replace")).strip()
