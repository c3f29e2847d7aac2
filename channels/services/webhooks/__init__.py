"""Webhooks: what happened is written down once and told to every endpoint that wants to know."""

from channels.services.webhooks.breaking import endpoints_due, give_up
from channels.services.webhooks.happening import forget, happened, is_wanted
from channels.services.webhooks.hearing import hear
from channels.services.webhooks.keeping import (
    NotInUse,
    finish_rotation,
    new_secret,
    ping,
    replay,
    rotate,
)
from channels.services.webhooks.sending import send_waiting

__all__ = [
    "NotInUse",
    "endpoints_due",
    "finish_rotation",
    "forget",
    "give_up",
    "happened",
    "hear",
    "is_wanted",
    "new_secret",
    "ping",
    "replay",
    "rotate",
    "send_waiting",
]
