"""A price list on one page: what it makes of prices, and a table that is pasted or uploaded."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from catalog.models import Price, PriceList, PriceListEntry
from catalog.queries.price_lists import best, rungs_by
from catalog.queries.price_sheet import sheet, terms_of
from catalog.services import price_lists
from catalog.services.price_lists import BadRows, Change
from shop.admin.kit import FileInput, Textarea
from shop.lib.page_cache import throw_away_pages

PER_PAGE = 50
# More than this nobody reads before saving; all of them are saved.
SHOWN = 300
LARGEST = 2_000_000
LONGEST = 100
# Costs are for those who buy and price.
COST = "inventory.view_cost"
Page = admin.ModelAdmin


class TableForm(forms.Form):
    """A table, typed or in a file. What was in the file is in the field from then on."""

    text = forms.CharField(
        label=lazy("SKU, from units, price"),
        required=False,
        max_length=LARGEST,
        strip=False,
        widget=Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=lazy("A line for each rung; without a price the rung goes away."),
    )
    file = forms.FileField(
        label=lazy("or a CSV file"),
        required=False,
        widget=FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        file = data.get("file")
        if file is not None:
            if file.size > LARGEST:
                raise forms.ValidationError(_("The file is larger than two megabytes."))
            try:
                data["text"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise forms.ValidationError(_("Save the file as UTF-8 first.")) from error
        if not (data.get("text") or "").strip():
            raise forms.ValidationError(_("Paste a table or choose a file."))
        return data


@dataclass(frozen=True, slots=True)
class Shown:
    """A rung on the page, beside what everybody pays. margin: in per cent, None when unknown."""

    sku: str
    title: str
    least: int
    was: Decimal | None
    amount: Decimal | None
    everybody: Decimal | None
    margin: Decimal | None

    @property
    def is_loss(self) -> bool:
        return self.margin is not None and self.margin < 0


def show(request: HttpRequest, page: "Page[PriceList]", pk: int) -> HttpResponse:
    found = get_object_or_404(PriceList.objects.select_related("market", "group"), pk=pk)
    if not page.has_view_permission(request, found):
        raise PermissionDenied
    if request.method != "POST":
        return _answer(request, page, found, TableForm())
    if not page.has_change_permission(request, found):
        raise PermissionDenied
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _answer(request, page, found, form, status=422)
    text = form.cleaned_data["text"]
    # From here on the page holds the text, whether or not it came as a file.
    form = TableForm(initial={"text": text})
    try:
        if request.POST.get("save"):
            return _save(request, found, text)
        rows = price_lists.read(text, currency=found.market.currency)
        changes = price_lists.changes(found, rows)
    except BadRows as refusal:
        return _answer(request, page, found, form, status=422, refusal=refusal)
    return _answer(request, page, found, form, changes=changes)


def _save(request: HttpRequest, found: PriceList, text: str) -> HttpResponse:
    count = price_lists.apply(price_list=found, text=text)
    transaction.on_commit(throw_away_pages)
    words = ngettext("%(count)s rung changed.", "%(count)s rungs changed.", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("admin:catalog_pricelist_prices", args=[found.pk]))


def _answer(
    request: HttpRequest,
    page: "Page[PriceList]",
    found: PriceList,
    form: TableForm,
    *,
    changes: Sequence[Change] | None = None,
    refusal: BadRows | None = None,
    status: int = 200,
) -> HttpResponse:
    now, with_cost = timezone.now(), request.user.has_perm(COST)
    query = request.GET.get("q", "")[:LONGEST]
    listed = Paginator(_prices(found, query), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **page.admin_site.each_context(request),
        "opts": page.opts,
        "title": _("Prices on %(list)s") % {"list": found.name},
        "list": found,
        "currency": found.market.currency,
        "form": form,
        "refusal": refusal,
        "changes": None if changes is None else _changed(found, changes[:SHOWN], now),
        "more": max(0, len(changes or ()) - SHOWN),
        "page": listed,
        "rows": _rows(found, [one.pk for one in listed.object_list], now),
        "with_cost": with_cost,
        "may_change": page.has_change_permission(request, found),
        "q": query,
        "query": urlencode({"q": query}) if query else "",
        "back": reverse("admin:catalog_pricelist_change", args=[found.pk]),
    }
    return TemplateResponse(request, "admin/catalog/pricelist/prices.html", context, status=status)


def _prices(found: PriceList, query: str) -> Any:
    """What the list makes cheaper: what is on it, or everything when it has a percentage."""
    rows = Price.objects.filter(market=found.market, variant__product__type__is_gift_card=False)
    if found.percent is None:
        entries = PriceListEntry.objects.filter(price_list=found)
        rows = rows.filter(variant__in=entries.values("variant"))
    if query:
        rows = rows.filter(
            Q(variant__sku__istartswith=query) | Q(variant__product__title__icontains=query)
        )
    return rows.order_by("variant__sku", "pk")


def _rows(found: PriceList, ids: Iterable[int], now: dt.datetime) -> list[Shown]:
    """Every rung of these prices. Six queries, however many."""
    rows = sheet(Price.objects.filter(pk__in=list(ids)), now=now)
    prices: list[Any] = list(
        rows.select_related("market", "variant__product").order_by("variant__sku")
    )
    entries: dict[int, list[tuple[int, Decimal]]] = {}
    written = PriceListEntry.objects.filter(
        price_list=found, variant__in=[one.variant_id for one in prices]
    ).order_by("min_quantity")
    for variant, least, amount in written.values_list("variant_id", "min_quantity", "amount"):
        entries.setdefault(variant, []).append((least, amount))
    return [
        _shown(row, rung.least, None, best(row.current, rungs, rung.least)[0])
        for row in prices
        for rungs in [
            rungs_by(found, entries.get(row.variant_id, ()), row.current, found.market.currency)
        ]
        for rung in rungs
    ]


def _changed(found: PriceList, changes: Sequence[Change], now: dt.datetime) -> list[Shown]:
    rows = sheet(
        Price.objects.filter(market=found.market, variant__in=[one.variant.pk for one in changes]),
        now=now,
    ).select_related("market", "variant__product")
    known: Mapping[int, Any] = {row.variant_id: row for row in rows}
    return [_change(one, known.get(one.variant.pk)) for one in changes]


def _change(change: Change, row: Any) -> Shown:
    if row is not None:
        return _shown(row, change.least, change.was, change.amount)
    # Not sold in this market: the rung waits for a price.
    variant = change.variant
    return Shown(variant.sku, _title(variant), change.least, change.was, change.amount, None, None)


def _shown(row: Any, least: int, was: Decimal | None, amount: Decimal | None) -> Shown:
    return Shown(
        sku=row.variant.sku,
        title=_title(row.variant),
        least=least,
        was=was,
        amount=amount,
        everybody=row.current,
        margin=terms_of(row).margin(amount, row.cost) if amount is not None else None,
    )


def _title(variant: Any) -> str:
    return ", ".join(filter(None, (variant.product.title, variant.label)))
