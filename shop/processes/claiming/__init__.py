"""Claims: what arrived broken, wrong or not at all is paid or sent again."""

from shop.processes.claiming.deciding import accept, cancel, decline, investigate, reopen
from shop.processes.claiming.opening import kinds, open, open_claim  # noqa: A004
from shop.processes.claiming.telling import CannotClaim

__all__ = [
    "CannotClaim",
    "accept",
    "cancel",
    "decline",
    "investigate",
    "kinds",
    "open",
    "open_claim",
    "reopen",
]
