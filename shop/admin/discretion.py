"""Who sees what of people and of costs: whole records, single fields, lists and files."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from inventory.queries.scope import within
from shop.admin.kit import UnfoldAdmin, UnfoldInline
from shop.audit import reading

SEE_PEOPLE = "accounts.view_personal_data"
TAKE_PEOPLE = "accounts.export_personal_data"
SEE_COST = "inventory.view_cost"
# A row is about one person and little else: without the right its pages stay shut.
RECORDS = frozenset({
    *("accounts.address", "accounts.consent", "accounts.customer", "accounts.customernote"),
    *("accounts.privacyrequest", "accounts.visit", "channels.importedorder", "orders.calltask"),
    *("orders.claim", "orders.draft", "orders.hold", "orders.order", "orders.return"),
    *("outbox.mail", "outbox.sms", "payments.document", "shipping.fulfilment"),
})  # fmt: skip
# Columns and fields that are left out without the right; the rest of the page stays.
HIDDEN: Mapping[str, Mapping[str, frozenset[str]]] = {
    SEE_PEOPLE: {
        "inventory.shortage": frozenset({"buyer"}),
        "marketing.alert": frozenset({"email"}),
        "marketing.coupon": frozenset({"customer"}),
        "payments.valueaccount": frozenset({"customer", "name", "recipient"}),
    },
    SEE_COST: {
        "catalog.variant": frozenset({"cost"}),
        "inventory.feedchange": frozenset({"margin_after", "margin_before"}),
        "inventory.pricebreak": frozenset({"cost"}),
        "inventory.purchaseorder": frozenset({"sum"}),
        "inventory.supplieroffer": frozenset({"cost", "price"}),
    },
}


# From a row to the locations whose people work with it.
LOCATED: Mapping[str, tuple[str, ...]] = {
    "inventory.batch": ("stock_item__location",),
    "inventory.bin": ("location",),
    "inventory.purchaseorder": ("location",),
    "inventory.stockcount": ("location",),
    "inventory.stockitem": ("location",),
    "inventory.stockmovement": ("stock_item__location",),
    "inventory.transfer": ("source", "target"),
    "shipping.fulfilment": ("location",),
    "shipping.pickwave": ("location",),
}


def hidden(label: str, request: HttpRequest) -> frozenset[str]:
    """What this person does not see of rows of this kind."""
    found: frozenset[str] = frozenset()
    for right, fields in HIDDEN.items():
        if label in fields and not request.user.has_perm(right):
            found |= fields[label]
    return found


def may_see(label: str, request: HttpRequest) -> bool:
    return label not in RECORDS or request.user.has_perm(SEE_PEOPLE)


def may_take(label: str, request: HttpRequest) -> bool:
    """Whether a list of these may leave as a file."""
    return label not in RECORDS or request.user.has_perm(TAKE_PEOPLE)


def without(fields: Any, left_out: frozenset[str]) -> list[Any]:
    """The fields of a form in their order, also where several share a line."""
    if not left_out:
        return list(fields)
    kept = []
    for one in fields:
        if isinstance(one, list | tuple):
            if rest := [name for name in one if name not in left_out]:
                kept.append(tuple(rest))
        elif one not in left_out:
            kept.append(one)
    return kept


def _shown(fieldsets: Any, left_out: frozenset[str]) -> list[Any]:
    return [
        (title, {**told, "fields": without(told["fields"], left_out)}) for title, told in fieldsets
    ]


class Discreet(UnfoldAdmin):
    """For every page: fields, columns, search and filters by what is hidden; long lists of people
    are on record.
    """

    def _hidden(self, request: HttpRequest) -> frozenset[str]:
        return hidden(self.opts.label_lower, request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = bool(super().has_view_permission(request, obj))
        return allowed and may_see(self.opts.label_lower, request)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and may_see(self.opts.label_lower, request)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """People of a location see its rows alone."""
        rows: models.QuerySet[Any] = super().get_queryset(request)
        return within(rows, request.user, *LOCATED.get(self.opts.label_lower, ()))

    def get_list_display(self, request: HttpRequest) -> Any:
        left_out = self._hidden(request)
        columns = super().get_list_display(request)
        return [one for one in columns if one not in left_out] if left_out else columns

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return _shown(super().get_fieldsets(request, obj), self._hidden(request))

    def get_search_fields(self, request: HttpRequest) -> Any:
        """What is not seen is not guessed at either, letter by letter."""
        left_out = self._hidden(request)
        fields = super().get_search_fields(request)
        return [one for one in fields if not _names(one) & left_out] if left_out else fields

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if _names(lookup) & self._hidden(request):
            return False
        return bool(super().lookup_allowed(lookup, value, request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        told = getattr(answer, "context_data", None) or {}
        if self.opts.label_lower in RECORDS and "cl" in told:
            count = len(told["cl"].result_list)
            reading.seen(request, act=f"list {self.opts.label_lower}", count=count)
        return answer


class DiscreetInline(UnfoldInline):
    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return _shown(super().get_fieldsets(request, obj), hidden(self.opts.label_lower, request))


def _names(lookup: str) -> frozenset[str]:
    return frozenset(lookup.lstrip("=^@").split("__"))
