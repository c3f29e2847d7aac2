"""Picks: what is to be fetched for the lines of a parcel, and how it changes with them."""

from collections import Counter

from orders.models import OrderLine
from orders.queries import holders_of
from orders.services.orders import Move
from shipping.models import Fulfilment, FulfilmentLine, PickTask


def pieces_of(line: OrderLine) -> Counter[int]:
    """Units of each variant that one unit of a line consists of; a bundle by its parts."""
    found = Counter[int]()
    for variant_id, each in holders_of(line).values():
        if variant_id is not None:
            found[variant_id] += each
    return found


def refit(*, line: FulfilmentLine, move: Move) -> None:
    """The line holds fewer units now: nothing more is picked for it, and what is too much goes back.

    A pick of which nothing is left, not even a shortage, is struck out.
    """
    each = pieces_of(line.order_line)
    for task in PickTask.objects.filter(line=line).order_by("pk"):
        wanted = line.quantity * each[task.variant_id]
        task.quantity, task.picked = wanted + task.short, min(task.picked, wanted)
        if task.quantity:
            write(task=task, move=move)
        else:
            task.delete()


def write(*, task: PickTask, move: Move) -> None:
    """Keep what was picked and what is short; with the last unit the pick is done."""
    is_done = task.picked + task.short == task.quantity
    if is_done and task.done_at is None:
        task.done_at, task.done_by = move.now, move.actor
    elif not is_done:
        task.done_at, task.done_by = None, None
    task.save()


def strike_out(*, fulfilment: Fulfilment) -> None:
    """Nobody has to fetch anything for this parcel."""
    PickTask.objects.filter(line__fulfilment=fulfilment).delete()


def is_picked(fulfilment: Fulfilment) -> bool:
    """Whether nothing is left to be fetched for it."""
    return not PickTask.objects.filter(line__fulfilment=fulfilment, done_at=None).exists()


def wanted(fulfilment: Fulfilment) -> Counter[int]:
    """Units of each variant that lie in a parcel, bundles by their parts."""
    found = Counter[int]()
    lines = fulfilment.lines.select_related("order_line").prefetch_related("order_line__parts")
    for line in lines.order_by("pk"):
        for variant_id, each in pieces_of(line.order_line).items():
            found[variant_id] += each * line.quantity
    return found
