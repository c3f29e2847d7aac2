"""Connections to the open internet only, each step of them within one deadline."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore
from django.utils.translation import gettext as _

from shop.lib.errors import Refused

# An address and port that may be asked although the rules forbid it: a test's own server.
Door = tuple[str, int]
Resolver = Callable[[str, int], Iterable[str]]

STEP_SECONDS = 5.0
# Where an IPv6 address carries an IPv4 address that would be reached instead: NAT64, 6to4, Teredo.
TRANSITION = [
    ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
]


class FetchRefused(Refused):
    """Nothing came. `message` is a sentence for people; `is_passing` says whether to try again."""

    is_passing = False


class AddressRefused(FetchRefused):
    """Not an address the shop asks: its scheme, port, password, or a private network behind it."""


class NotReached(FetchRefused):
    """Nobody answered in time, or the line broke."""

    is_passing = True


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver. Raises OSError when it knows no such name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (
        found.ipv4_mapped is not None or any(found in net for net in TRANSITION)
    ):
        return False
    # is_global leaves out private, loopback, link-local, carrier-grade NAT and reserved ranges.
    return found.is_global and not found.is_multicast


class Guard(httpcore.NetworkBackend):
    """Opens connections to checked addresses only, and ends every wait at the deadline."""

    def __init__(self, deadline: float, trusted: frozenset[Door], resolver: Resolver) -> None:
        self.deadline = deadline
        self.trusted = trusted
        self.resolver = resolver
        self.backend = httpcore.SyncBackend()

    def left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, STEP_SECONDS)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 — the deadline rules
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        address = self._address(host, port)
        stream = self.backend.connect_tcp(address, port, self.left(), local_address, socket_options)
        return TimedStream(stream, self)

    def _address(self, host: str, port: int) -> str:
        try:
            addresses = list(self.resolver(host, port))
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise NotReached(_("There is no server called %(host)s.") % {"host": host})
        for address in addresses:
            if (address, port) not in self.trusted and not is_public(address):
                raise AddressRefused(_("The address leads into a private network."))
        return addresses[0]


class TimedStream(httpcore.NetworkStream):
    """A connection whose every step is bounded by the time left in all: no server can drip."""

    def __init__(self, stream: httpcore.NetworkStream, guard: Guard) -> None:
        self.stream = stream
        self.guard = guard

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self.stream.read(max_bytes, self.guard.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self.stream.write(buffer, self.guard.left())

    def close(self) -> None:
        self.stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        stream = self.stream.start_tls(ssl_context, server_hostname, self.guard.left())
        return TimedStream(stream, self.guard)

    def get_extra_info(self, info: str) -> object:
        return self.stream.get_extra_info(info)
