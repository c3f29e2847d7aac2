"""The one way the shop asks for an address that somebody else wrote.

A name is resolved once per hop, every address behind it is checked, and the connection goes to a
checked address: a name that answers differently the second time gains nothing. Redirects are
followed by hand and checked like the first address. Size and time are bounded whatever is sent.
"""

import re
import ssl
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import httpcore
import httpx
from django.utils.translation import gettext as _

from shop.lib.network import (
    AddressRefused,
    Door,
    FetchRefused,
    Guard,
    NotReached,
    Resolver,
    resolve,
)

# A name in ASCII (others are encoded so by now), or an address.
HOST = re.compile(rb"[a-z0-9._-]+|[0-9a-f:.]+", re.IGNORECASE)
PORTS = {"http": 80, "https": 443}
MAX_REDIRECTS = 3
MAX_URL = 2000
OK, SERVER_ERROR = 200, 500
REDIRECTS = {301, 302, 303, 307, 308}
PASSING = {408, 425, 429}


class TooLarge(FetchRefused):
    """More bytes than allowed."""


class WrongKind(FetchRefused):
    """Something else than the kinds asked for."""


class BadAnswer(FetchRefused):
    """The server said no, with `status`."""

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status
        self.is_passing = status in PASSING or status >= SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes, their declared kind (lower case, no parameters), the address they came from."""

    content: bytes
    kind: str
    url: str


def safe_fetch(
    url: str,
    *,
    max_bytes: int,
    timeout: float,
    kinds: Collection[str],
    trusted: Collection[Door] = (),
    resolver: Resolver = resolve,
) -> Fetched:
    """Fetch `url` within `timeout` seconds in all and at most `max_bytes`.

    `kinds` are content types such as "image/png". `trusted` and `resolver` are for tests.
    Raises AddressRefused, TooLarge, WrongKind, BadAnswer or NotReached, all of them FetchRefused.
    """
    guard = Guard(time.monotonic() + timeout, frozenset(trusted), resolver)
    for _hop in range(1 + MAX_REDIRECTS):
        address = checked(url, guard)
        with _asked(address, guard) as response:
            target = _redirect_of(response)
            if target is None:
                _check_answer(response, kinds=kinds, max_bytes=max_bytes)
                return Fetched(_read(response, max_bytes), _kind_of(response), str(address))
        url = _joined(address, target)
    raise AddressRefused(_("The address redirects too often."))


def checked(url: str, guard: Guard) -> httpx.URL:
    """Parse an address once, for the checks and for the connection alike. Raises AddressRefused."""
    try:
        address = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(_("This is not a web address.")) from None
    named = HOST.fullmatch(address.raw_host)
    if len(url) > MAX_URL or address.scheme not in PORTS or not named:
        raise AddressRefused(_("Only http and https addresses are fetched."))
    if address.userinfo:
        raise AddressRefused(_("An address with a password in it is not fetched."))
    port = address.port or PORTS[address.scheme]
    if port not in PORTS.values() and port not in {door for _host, door in guard.trusted}:
        raise AddressRefused(_("Only the usual web ports, 80 and 443, are asked."))
    return address


def _joined(address: httpx.URL, target: str) -> str:
    try:
        return str(address.join(target))
    except (httpx.InvalidURL, ValueError):
        raise AddressRefused(_("The address redirects to something that is none.")) from None


@contextmanager
def _asked(address: httpx.URL, guard: Guard) -> Iterator[httpcore.Response]:
    url = httpcore.URL(
        scheme=address.raw_scheme,
        host=address.raw_host,
        port=address.port,
        target=address.raw_path,
    )
    headers: dict[bytes | str, bytes | str] = {
        "Host": address.netloc.decode("ascii"),
        "User-Agent": "Mercer",
        # Unpacked by nobody: the bytes counted are the bytes kept.
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        with (
            httpcore.ConnectionPool(ssl_context=tls(), network_backend=guard) as pool,
            pool.stream("GET", url, headers=headers) as response,
        ):
            yield response
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        raise NotReached(_("The server did not answer in time.")) from None


@cache
def tls() -> ssl.SSLContext:
    """How every server has to prove who it is."""
    # Not from the environment: neither a proxy nor another set of authorities slips in.
    return httpx.create_ssl_context(trust_env=False)


def _redirect_of(response: httpcore.Response) -> str | None:
    if response.status not in REDIRECTS:
        return None
    return _header(response, "location") or None


def _check_answer(response: httpcore.Response, *, kinds: Collection[str], max_bytes: int) -> None:
    if response.status != OK:
        raise BadAnswer(
            _("The server answered %(status)s.") % {"status": response.status},
            status=response.status,
        )
    if _kind_of(response) not in kinds:
        raise WrongKind(_("The server sent “%(kind)s”.") % {"kind": _kind_of(response)[:60]})
    if _header(response, "content-encoding") not in ("", "identity"):
        raise WrongKind(_("The server sent packed bytes that were not asked for."))
    length = _header(response, "content-length")
    if length.isdecimal() and int(length) > max_bytes:
        raise _too_large(max_bytes)


def _read(response: httpcore.Response, max_bytes: int) -> bytes:
    content = bytearray()
    for chunk in response.iter_stream():
        content += chunk
        if len(content) > max_bytes:
            raise _too_large(max_bytes)
    return bytes(content)


def _too_large(max_bytes: int) -> TooLarge:
    return TooLarge(_("The file is larger than %(count)s MB.") % {"count": max_bytes // 1_000_000})


def _kind_of(response: httpcore.Response) -> str:
    return _header(response, "content-type").partition(";")[0].strip().lower()


def _header(response: httpcore.Response, name: str) -> str:
    for key, value in response.headers:
        if key.lower() == name.encode("ascii"):
            return value.decode("latin-1").strip()
    return ""
