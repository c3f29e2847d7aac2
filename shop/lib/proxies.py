"""Who really asks: the proxies in front are believed by where they stand, and nobody else is."""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]
Network = IPv4Network | IPv6Network

# Where a proxy can stand that is not on the open internet; "unix" is a socket on this machine.
PRIVATE = (
    *("unix", "127.0.0.0/8", "::1/128"),
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
)
TOLD = (
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT"),
    *("HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_REQUEST_START"),
)


def told_by_proxies(get_response: Respond) -> Respond:
    """Make REMOTE_ADDR the caller's own address, and drop what strangers say of themselves.

    First of all: whoever asks for the address later reads the one place.
    """
    trusted = Trusted(settings.TRUSTED_PROXIES)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        peer = str(meta.get("REMOTE_ADDR", ""))
        hops = str(meta.pop("HTTP_X_FORWARDED_FOR", ""))
        if peer in trusted:
            meta["REMOTE_ADDR"] = trusted.caller(peer, hops.split(",") if hops else [])
        else:
            for name in TOLD:
                meta.pop(name, None)
        return get_response(request)

    return middleware


class Trusted:
    """The places whose word about the next hop counts."""

    def __init__(self, places: Iterable[str]) -> None:
        named = set(places)
        self.is_by_socket = "unix" in named
        self.networks: list[Network] = [ip_network(one) for one in sorted(named - {"unix"})]

    def __contains__(self, peer: str) -> bool:
        if not peer:
            return self.is_by_socket
        kept = one_spelling(peer)
        return kept is not None and any(ip_address(kept) in one for one in self.networks)

    def caller(self, peer: str, hops: Sequence[str]) -> str:
        """The last hop that no trusted one stands behind. What was written before it is anybody's."""
        found = peer
        for hop in reversed(hops):
            found = one_spelling(hop) or ""
            if not found or found not in self:
                break
        return found


def one_spelling(text: str) -> str | None:
    """An internet address as it is kept: without port, brackets or zone; None when it is none."""
    bare = text.strip().partition("%")[0]
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return str(mapped or found)
