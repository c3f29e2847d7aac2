"""Saying anew what stock is worth, on a page that asks why."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from inventory.models import StockItem, Valuation
from shop.admin.base import button
from shop.admin.kit import NumberInput, TextInput, UnfoldAdmin
from shop.lib.errors import Refused
from shop.processes import revaluing

RIGHT = "inventory.change_valuation"
TEMPLATE = "admin/inventory/stockitem/revaluation.html"


class RevaluationForm(forms.Form):
    """What a unit is worth, in the books' currency, and why."""

    unit_cost = forms.DecimalField(
        label=lazy("Cost of a unit"),
        min_value=Decimal(0),
        max_digits=14,
        decimal_places=3,
        widget=NumberInput(),
    )
    reason = forms.CharField(label=lazy("Reason"), max_length=200, widget=TextInput())


class Revaluing(UnfoldAdmin):
    """For a page of a stock item: what all units of its variant are worth."""

    @button(lazy("Change value"), "currency_exchange")
    def revalue_one(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("admin:inventory_stockitem_revalue", args=[object_id]))

    revalue_one.allowed_permissions = ["revalue"]  # type: ignore[attr-defined]

    def has_revalue_permission(self, request: HttpRequest, object_id: Any = None) -> bool:  # noqa: ARG002
        return bool(request.user.has_perm(RIGHT))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.revaluation_view)
        return [
            path("<int:pk>/value/", page, name="inventory_stockitem_revalue"),
            *super().get_urls(),
        ]

    def revaluation_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        item = get_object_or_404(StockItem.objects.select_related("variant__product"), pk=pk)
        back = reverse("admin:inventory_stockitem_change", args=[pk])
        form = RevaluationForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and _revalue(request, form, item):
            return HttpResponseRedirect(back)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Value of %(sku)s") % {"sku": item.variant.sku},
            "opts": self.opts,
            "form": form,
            "valuation": Valuation.objects.filter(variant=item.variant).first() or Valuation(),
            "back": back,
        }
        return TemplateResponse(request, TEMPLATE, context)


def _revalue(request: HttpRequest, form: RevaluationForm, item: StockItem) -> bool:
    """Whether it was done; otherwise the form says why not."""
    try:
        movement = revaluing.revalue(
            variant_id=item.variant_id,
            unit_cost=form.cleaned_data["unit_cost"],
            reason=form.cleaned_data["reason"],
            actor=request.user if isinstance(request.user, User) else None,
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    words = _("%(sku)s: the value is changed.") if movement else _("%(sku)s: worth that already.")
    messages.success(request, words % {"sku": item.variant.sku})
    return True
