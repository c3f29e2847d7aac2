"""Ways from an order to other pages about it: a line for each, for whoever may go there."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from orders.models import Order


@dataclass(frozen=True, slots=True)
class Door:
    """A button on the order's page. right: "app.permission"; address: where it leads."""

    words: str | Promise
    right: str
    is_possible: Callable[[Order], bool]
    address: Callable[[Order], str]
    is_destructive: bool = False


DOORS: list[Door] = [
    Door(
        _("Change order"),
        "orders.edit_order",
        lambda order: order.status in (Order.Status.PENDING, Order.Status.CONFIRMED),
        lambda order: reverse("admin:orders_order_edit", args=[order.pk]),
    ),
    Door(
        _("Packing slip"),
        "shipping.view_fulfilment",
        lambda order: order.can_ship,
        lambda order: reverse("shipping:order_slip", args=[order.pk]),
    ),
]


def open_to(request: HttpRequest, order: Order) -> list[Door]:
    """What is possible now and allowed to this person."""
    return [door for door in DOORS if request.user.has_perm(door.right) and door.is_possible(order)]
