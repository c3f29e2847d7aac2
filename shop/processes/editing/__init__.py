"""Editing: an order is changed after it was placed; difference, stock, books and log follow."""

from orders.services.additions import Added, CannotAdd
from shop.processes.editing.amending import amend, amend_within, apply, version
from shop.processes.editing.delivering import charged, offers
from shop.processes.editing.telling import tell
from shop.processes.editing.terms import (
    Amendment,
    CannotChange,
    ChangedMeanwhile,
    NewAddress,
    NewDelivery,
    Preview,
)
from shop.processes.editing.trying import preview

__all__ = [
    "Added",
    "Amendment",
    "CannotAdd",
    "CannotChange",
    "ChangedMeanwhile",
    "NewAddress",
    "NewDelivery",
    "Preview",
    "amend",
    "amend_within",
    "apply",
    "charged",
    "offers",
    "preview",
    "tell",
    "version",
]
