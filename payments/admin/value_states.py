"""In which state an account is, and how it is found in the list."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from payments.models import ValueAccount
from shop.lib.workdays import shop_day

LAST = 4
STATES = {
    "open": lazy("Can be used"),
    "used": lazy("Used up"),
    "gone": lazy("Ran out"),
    "off": lazy("Switched off"),
}


class StateFilter(admin.SimpleListFilter):
    title = lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: object) -> Any:  # noqa: ARG002
        return list(STATES.items())

    def queryset(
        self,
        request: HttpRequest,  # noqa: ARG002
        queryset: QuerySet[ValueAccount],
    ) -> QuerySet[ValueAccount]:
        gone = Q(expires_on__lt=shop_day(timezone.now()))
        match self.value():
            case "open":
                return queryset.filter(is_active=True, balance__gt=0).exclude(gone)
            case "used":
                return queryset.filter(is_active=True, balance=0).exclude(gone)
            case "gone":
                return queryset.filter(gone, is_active=True)
            case "off":
                return queryset.filter(is_active=False)
        return queryset


def state_of(account: ValueAccount) -> str:
    if not account.is_active:
        return "off"
    if account.expires_on and account.expires_on < shop_day(timezone.now()):
        return "gone"
    return "open" if account.balance else "used"


def about(word: str) -> Q:
    """Accounts of which somebody knows an address, an order or the last four characters."""
    found = Q(recipient_email__icontains=word) | Q(customer__email__icontains=word)
    found |= Q(line__order__number=word.removeprefix("#"))
    ending = word.lstrip("…").upper()
    return found | Q(last4=ending) if len(ending) == LAST else found
