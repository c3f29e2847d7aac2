"""The cards somebody has saved to pay with again: seen, and let go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Customer
from accounts.services import customers
from accounts.views.frame import members_only, page, private
from payments.gateways import GatewayUnreachable
from payments.services import cards
from shop.lib.workdays import shop_day


@members_only
@require_safe
def saved_cards(request: HttpRequest, customer: Customer) -> HttpResponse:
    return _show(request, customer)


@private
@require_POST
def saved_card_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The provider forgets the card first; when it does not answer, nothing has changed."""
    customer = customers.of_user(request.user)
    if customer is None:
        return redirect("account_login")
    card = get_object_or_404(cards.of(customer), pk=pk)
    try:
        cards.remove(card=card)
    except GatewayUnreachable:
        problem = _("Our payment provider does not answer. The card is still saved; try again.")
        return _show(request, customer, problem=problem, status=503)
    return redirect("accounts:saved_cards")


def _show(
    request: HttpRequest, customer: Customer, *, problem: str = "", status: int = 200
) -> HttpResponse:
    today = shop_day(timezone.now())
    rows = [
        {
            "pk": card.pk,
            "name": cards.shown(card),
            "expires_on": card.expires_on,
            "is_over": card.expires_on < today,
        }
        for card in cards.of(customer)
    ]
    return page(
        request,
        "saved_cards",
        title=_("Payment cards"),
        status=status,
        cards=rows,
        problem=problem,
    )
