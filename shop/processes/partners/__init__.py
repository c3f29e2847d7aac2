"""Partners who send for us: told what to send, and heard when they did or won't."""

from shop.processes.partners.answering import Answer, Conflict, UnknownReference, answered
from shop.processes.partners.telling import tell

__all__ = ["Answer", "Conflict", "UnknownReference", "answered", "tell"]
