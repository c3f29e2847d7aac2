"""Drafting: staff put an order together, offer it, and the buyer (or staff) says yes."""

from shop.processes.drafting.offering import NotADraft, Over, accept, at_counter, discard, send
from shop.processes.drafting.saving import CannotSave, Plan, PlanLine, save, work_out

__all__ = [
    "CannotSave",
    "NotADraft",
    "Over",
    "Plan",
    "PlanLine",
    "accept",
    "at_counter",
    "discard",
    "save",
    "send",
    "work_out",
]
