"""Who may work in the stock room, and the frame of its screens."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required, permission_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

Page = Callable[..., HttpResponseBase]
LOOK = "inventory.view_stockitem"
RECEIVE = "inventory.receive_purchaseorder"
COUNT = "inventory.change_stockcount"
APPROVE = "inventory.approve_stockcount"
TRANSFER = "inventory.change_transfer"
DAMAGE = "inventory.change_stockitem"
PUT_AWAY = "inventory.change_bin"
PACK = "shipping.pack_fulfilment"
TAKE_BACK = "orders.receive_return"
ON_A_PAGE = 25
# Address, name and right of each.
SCREENS: tuple[tuple[str, Promise, str], ...] = (
    ("floor", _("Stock room"), LOOK),
    ("receiving", _("Receive"), RECEIVE),
    ("counts", _("Count"), COUNT),
    ("transfers", _("Transfer"), TRANSFER),
    ("bins", _("Bins"), PUT_AWAY),
    ("shipping:picking", _("Pick"), PACK),
    ("shipping:packing", _("Pack"), PACK),
    ("shipping:returns", _("Returns"), TAKE_BACK),
)


def workers_only(permission: str) -> Callable[[Page], Page]:
    """Staff with this right; others are sent to the login or told no (403)."""

    def decorate(view: Page) -> Page:
        @require_http_methods(["GET", "HEAD", "POST"])
        @login_required
        @permission_required(permission, raise_exception=True)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def show(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A screen. context: "title" and "here" (one of SCREENS) are needed."""
    frame = {
        "seo": {"title": context["title"]},
        "shop": settings.SHOP,
        "staff_nav": [
            {
                "name": name,
                "url": reverse(screen if ":" in screen else f"inventory:{screen}"),
                "is_current": screen == context["here"],
            }
            for screen, name, right in SCREENS
            if request.user.has_perm(right)
        ],
    }
    name = f"inventory/floor/{template}.html"
    return render(request, name, frame | context, status=status)


def paged(request: HttpRequest, rows: "QuerySet[Any]") -> dict[str, Any]:
    """A page of a list, and the address of the others with all that was asked for."""
    query = request.GET.copy()
    query.pop("page", None)
    asked = query.urlencode()
    return {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "page_url": f"?{asked}&page=" if asked else "?page=",
    }
