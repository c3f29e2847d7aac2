"""Where somebody works: whoever is named at a location sees and moves the stock of theirs alone."""

from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from inventory.models import Location

Row = TypeVar("Row", bound=Model)
Worker = AbstractBaseUser | AnonymousUser
KEPT = "_works_at_ids"


def places_of(worker: Worker) -> frozenset[int] | None:
    """The keys of their locations; None: everywhere. Asked once in a request."""
    if worker.pk is None:
        return None
    if KEPT not in worker.__dict__:
        found = Location.objects.filter(staff=worker.pk).values_list("pk", flat=True)
        worker.__dict__[KEPT] = frozenset(found) or None
    places: frozenset[int] | None = worker.__dict__[KEPT]
    return places


def within(rows: "QuerySet[Row]", worker: Any, *paths: str) -> "QuerySet[Row]":
    """The rows of their locations; paths: from a row to its location, any of which will do.

    What is at no location yet is everybody's.
    """
    places = places_of(worker) if paths else None
    if places is None:
        return rows
    theirs = Q()
    for path in paths:
        theirs |= Q(**{f"{path}__in": places})
        if path != "pk":
            theirs |= Q(**{f"{path}__isnull": True})
    return rows.filter(theirs)
