"""Shortages: units that were promised and are not there. Waited for, swapped, split, cancelled."""

from shop.processes.shortages.canceling import cancel_units
from shop.processes.shortages.choosing import AlreadySettled, Choice, choose
from shop.processes.shortages.deciding import cancel, split, substitute, wait
from shop.processes.shortages.noticing import letter_about, noticed, tell
from shop.processes.shortages.options import Options, options_of

__all__ = [
    "AlreadySettled",
    "Choice",
    "Options",
    "cancel",
    "cancel_units",
    "choose",
    "letter_about",
    "noticed",
    "options_of",
    "split",
    "substitute",
    "tell",
    "wait",
]
