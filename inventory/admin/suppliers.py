"""Suppliers: who they are, on which terms, and how well they keep their word."""

import datetime as dt
from decimal import Decimal
from typing import Any

from babel.numbers import format_percent
from django import forms
from django.contrib import admin
from django.db.models import Count, F, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from inventory.models import PurchaseOrder, Supplier, SupplierContact
from inventory.queries.scorecards import Scorecard, scorecards
from shop.admin.base import NEVER, ShopAdmin, ShopInline, badge, button, is_list
from shop.lib.workdays import shop_day
from shop.templatetags.shop_text import current_locale
from shop.templatetags.shop_text import decimal as number

CODE = 3
JUDGED = dt.timedelta(days=365)
OPEN = Q(orders__status__in=PurchaseOrder.OPEN)


class SupplierForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Supplier
        fields = ("currency", "country")

    def clean_currency(self) -> str:
        return self._code("currency")

    def clean_country(self) -> str:
        return self._code("country")

    def _code(self, name: str) -> str:
        """Codes are letters, and written large."""
        code = str(self.cleaned_data[name]).strip().upper()
        if code and not (code.isascii() and code.isalpha()):
            raise forms.ValidationError(_("A code of letters, as in GBP or GB."))
        if code and name == "currency" and len(code) != CODE:
            raise forms.ValidationError(_("A currency has three letters."))
        return code


class ContactInline(ShopInline):
    model = SupplierContact
    fields = ("name", "role", "email", "phone")


@admin.register(Supplier)
class SupplierAdmin(ShopAdmin):
    form = SupplierForm
    list_display = (
        *("name", "code", "state", "currency", "lead_days", "payment_days", "offered"),
        *("on_the_way", "email"),
    )
    list_filter = ("is_active", "currency", "country")
    search_fields = ("name", "code", "email", "contacts__name", "contacts__email")
    search_help_text = lazy("Name, code, e-mail or a person there")
    ordering = ("name", "id")
    prepopulated_fields = {"code": ("name",)}
    readonly_fields = ("scorecard",)
    inlines = (ContactInline,)
    actions_detail = ("see_offers", "see_orders", "new_order")
    fieldsets = (
        (None, {"fields": ("name", "code", "is_active", "email", "phone", "account_number")}),
        (
            lazy("Address"),
            {"fields": ("line1", "city", "postcode", "country", "vat_number")},
        ),
        (
            lazy("Terms"),
            {
                "fields": (
                    *("currency", "lead_days", "payment_days", "minimum", "freight_free_from"),
                    *("terms", "note"),
                )
            },
        ),
        (lazy("How well they keep their word, this year"), {"fields": ("scorecard",)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Supplier]:
        rows: QuerySet[Supplier] = super().get_queryset(request)
        if not is_list(request):
            return rows
        return rows.annotate(
            offer_count=Count("offers", filter=Q(offers__is_active=True), distinct=True),
            open_count=Count("orders", filter=OPEN, distinct=True),
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Costs are in its currency: once there are some, it stays."""
        fixed = ("currency",) if obj and _has_costs(obj) else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_fieldsets(request, obj)
        return found if obj else found[:-1]

    @badge(lazy("state"), {True: "success", False: "default"}, ordering="is_active")
    def state(self, supplier: Supplier) -> tuple[bool, str]:
        return supplier.is_active, _("bought from") if supplier.is_active else _("not any more")

    @admin.display(description=lazy("offers"), ordering=F("offer_count"))
    def offered(self, supplier: Any) -> int:
        return int(supplier.offer_count)

    @admin.display(description=lazy("on the way"), ordering=F("open_count"))
    def on_the_way(self, supplier: Any) -> int:
        return int(supplier.open_count)

    @admin.display(description=lazy("figures"))
    def scorecard(self, supplier: Supplier) -> SafeString:
        today = shop_day(timezone.now())
        cards = scorecards(
            since=today - JUDGED, until=today, today=today, supplier_ids=[supplier.pk]
        )
        card = next(iter(cards), None)
        figures = _figures(card) if card else []
        return render_to_string("admin/inventory/supplier/_scorecard.html", {"figures": figures})

    @button(lazy("Offers"), "sell")
    def see_offers(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return _list("supplieroffer", object_id)

    @button(lazy("Orders"), "local_shipping")
    def see_orders(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return _list("purchaseorder", object_id)

    @button(lazy("New order"), "add_shopping_cart")
    def new_order(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        page = reverse("admin:inventory_purchaseorder_add")
        return HttpResponseRedirect(f"{page}?supplier={object_id}")


def _has_costs(supplier: Supplier) -> bool:
    return supplier.offers.exists() or supplier.orders.exists()


def _figures(card: Scorecard) -> list[tuple[str, str, str]]:
    """(what, how much, of what)"""
    lines = ngettext(
        "of %(count)s line that was due", "of %(count)s lines that were due", card.lines
    )
    real, promised = (
        NEVER if days is None else number(days) for days in (card.real_days, card.promised_days)
    )
    units = {"bad": card.rejected, "good": card.received}
    return [
        (_("In time"), _percent(card.on_time), lines % {"count": card.lines}),
        (_("In full"), _percent(card.fill), _("of the units ordered")),
        (_("Days to deliver"), real, _("promised: %(days)s") % {"days": promised}),
        (_("Refused"), _percent(card.defects), _("%(bad)s refused, %(good)s good") % units),
    ]


def _percent(share: Decimal | None) -> str:
    if share is None:
        return NEVER
    return str(format_percent(share, "0.#%", locale=current_locale()))


def _list(model: str, supplier_id: str) -> HttpResponse:
    page = reverse(f"admin:inventory_{model}_changelist")
    return HttpResponseRedirect(f"{page}?supplier__id__exact={supplier_id}")
