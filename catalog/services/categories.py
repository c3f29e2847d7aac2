"""The tree of shelves: where a category hangs, and the addresses that follow from it."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from catalog.models import Category, Product
from shop.lib.errors import Refused


class AddressTaken(Refused):
    """Raised when another category has this address already."""


class InsideItself(Refused):
    """Raised when a category would hang below itself."""


@transaction.atomic
def place(*, category: Category, parent: Category | None) -> list[int]:
    """Save a category below a parent (None: at the top), with the addresses below it.

    Returns the ids of the products whose cards change. Raises AddressTaken, InsideItself.
    """
    check(category=category, parent=parent)
    category.url_path = address(category=category, parent=parent)
    if category.pk:
        category.save()
        _move(category, parent)
    elif parent:
        Category.objects.add_child(parent, instance=category)
    else:
        Category.objects.add_root(instance=category)
    return _readdress(category.pk)


@transaction.atomic
def shift(*, category: Category, by: int) -> None:
    """Swap places with the neighbour before (by=-1) or after (by=1); at the end nothing moves."""
    siblings = list(_siblings(category))
    place_now = [one.pk for one in siblings].index(category.pk)
    if 0 <= place_now + by < len(siblings):
        side = "left" if by < 0 else "right"
        Category.objects.move(category, siblings[place_now + by], pos=side)


def check(*, category: Category, parent: Category | None) -> None:
    """Raise what place() would."""
    if category.pk and parent and parent.path.startswith(category.path):
        raise InsideItself(_("A category can't hang below itself."))
    wanted = address(category=category, parent=parent)
    if Category.objects.filter(url_path=wanted).exclude(pk=category.pk).exists():
        raise AddressTaken(_("Another category has the address %(path)s.") % {"path": wanted})


def address(*, category: Category, parent: Category | None) -> str:
    return f"{parent.url_path}/{category.slug}" if parent else category.slug


def _move(category: Category, parent: Category | None) -> None:
    if category.path[: -category.steplen] == (parent.path if parent else ""):
        return
    if parent:
        Category.objects.move(category, parent, pos="last-child")
    else:
        Category.objects.move(category, Category.objects.get_last_root_node(), pos="last-sibling")


def _siblings(category: Category) -> QuerySet[Category]:
    above = category.path[: -category.steplen]
    same: QuerySet[Category] = Category.objects.filter(path__startswith=above, depth=category.depth)
    return same.order_by("path")


def _readdress(category_id: int) -> list[int]:
    """Write the addresses of everything below again; ids of the products on those shelves."""
    category = Category.objects.get(pk=category_id)
    paths = {category.path: category.url_path}
    deeper = Category.objects.filter(path__startswith=category.path, depth__gt=category.depth)
    below = list(deeper.order_by("path"))
    for one in below:
        one.url_path = f"{paths[one.path[: -one.steplen]]}/{one.slug}"
        paths[one.path] = one.url_path
    Category.objects.bulk_update(below, ["url_path"])
    shelves = [category_id, *(one.pk for one in below)]
    return list(Product.objects.filter(category__in=shelves).values_list("pk", flat=True))
