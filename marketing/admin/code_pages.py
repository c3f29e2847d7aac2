"""Many codes at once: made under one name, taken home as a file, switched off together."""

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from marketing.admin.promotion_acts import page_of
from marketing.models import Coupon, Promotion
from marketing.queries import coupons as codes
from marketing.services import coupons, promotions
from shop.admin.kit import NumberInput, TextInput
from shop.audit.exports import marked, taken
from shop.lib.errors import Refused

if TYPE_CHECKING:
    from marketing.admin.promotion_page import PromotionPage

MOST = 50_000


class ManyForm(forms.Form):
    count = forms.IntegerField(
        label=lazy("How many"), min_value=1, max_value=MOST, initial=100, widget=NumberInput()
    )
    begin = forms.CharField(
        label=lazy("Each begins with"),
        max_length=20,
        required=False,
        help_text=lazy("SPRING makes SPRING-7K3QX2M9. May be empty."),
        widget=TextInput(),
    )
    batch = forms.CharField(
        label=lazy("Name of the batch"),
        max_length=40,
        required=False,
        help_text=lazy("By it you find them again. Empty: the day and time."),
        widget=TextInput(),
    )
    usage_limit = forms.IntegerField(
        label=lazy("Orders per code"),
        min_value=1,
        max_value=1_000_000,
        required=False,
        initial=1,
        help_text=lazy("Empty: as often as people like."),
        widget=NumberInput(),
    )
    is_card = forms.BooleanField(
        label=lazy("They are numbered discount cards"),
        required=False,
        help_text=lazy("A card that is linked to a customer works by itself once they sign in."),
    )


def show(page: "PromotionPage", request: HttpRequest, pk: int) -> HttpResponse:
    """The batches of a promotion, and the form that makes another."""
    promotion = get_object_or_404(Promotion, pk=pk)
    if not page.has_change_permission(request, promotion):
        raise PermissionDenied
    is_making = request.method == "POST" and "make" in request.POST
    form = ManyForm(request.POST if is_making else None)
    if request.method == "POST":
        if not is_making:
            return _switch(request, promotion)
        if form.is_valid() and _make(page, request, promotion, form):
            return HttpResponseRedirect(_here(pk))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Codes of %(name)s") % {"name": promotion},
        "opts": page.opts,
        "promotion": promotion,
        "form": form,
        "batches": codes.batches(promotion),
        "singles": Coupon.objects.filter(promotion=promotion, batch="").count(),
        "back": page_of(pk),
    }
    return TemplateResponse(request, "admin/marketing/promotion/codes.html", context)


def _make(
    page: "PromotionPage", request: HttpRequest, promotion: Promotion, form: ManyForm
) -> bool:
    asked = dict(form.cleaned_data)
    asked["prefix"] = asked.pop("begin")
    try:
        name = coupons.generate(promotion=promotion, now=timezone.now(), **asked)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    promotions.limits_changed(promotion_id=promotion.pk)
    told = {"count": asked["count"], "name": name}
    words = ngettext(
        "%(count)s code made in “%(name)s”.", "%(count)s codes made in “%(name)s”.", asked["count"]
    )
    page.log_change(request, promotion, words % told)
    messages.success(request, words % told)
    if promotion.is_automatic:
        messages.warning(request, _("This promotion applies without a code: its codes do nothing."))
    return True


def _switch(request: HttpRequest, promotion: Promotion) -> HttpResponse:
    """Switch a batch off or on."""
    batch, is_off = request.POST.get("batch", "")[:40], "off" in request.POST
    step = coupons.disable if is_off else coupons.enable
    count = step(promotion=promotion, batch=batch)
    told = {"count": count, "name": batch}
    words = (
        _("%(count)s codes of “%(name)s” are off.")
        if is_off
        else _("%(count)s codes of “%(name)s” are on.")
    )
    messages.success(request, words % told)
    return HttpResponseRedirect(_here(promotion.pk))


def as_file(page: "PromotionPage", request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The codes of a batch as CSV."""
    promotion = get_object_or_404(Promotion, pk=pk)
    if not page.has_view_permission(request, promotion):
        raise PermissionDenied
    batch = request.GET.get("batch", "")[:40]
    rows = codes.rows(codes.in_batch(promotion, batch))
    name = f"codes-{promotion.pk}.csv"
    return StreamingHttpResponse(
        marked(_lines(rows), taken(request, act=name)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _lines(rows: Iterator[list[str]]) -> Iterator[str]:
    # The mark by which spreadsheets know UTF-8.
    yield "\ufeff"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue()


def _here(pk: int) -> str:
    return reverse("admin:marketing_promotion_codes", args=[pk])
