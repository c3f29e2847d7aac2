"""Numbers corrected for many rows at once: in the list, or on a page that asks for a reason."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from inventory.models import StockItem, StockMovement
from inventory.queries.scope import within
from inventory.services.stock import StockRefused, Why
from shop.admin.kit import NumberInput, Select, TextInput
from shop.processes import stocktaking

ID = re.compile(r"[0-9]{1,18}")
FIELD = re.compile(r"on_hand_([0-9]{1,18})")
AT_ONCE = 200
MOST = 1_000_000
Kind = StockMovement.Kind
BY_HAND = (Kind.COUNT, Kind.RECEIPT, Kind.ADJUSTMENT)


class ReasonForm(forms.Form):
    """Why numbers differ; asked once for all rows."""

    kind = forms.ChoiceField(choices=[(kind, kind.label) for kind in BY_HAND], widget=Select())
    reason = forms.CharField(max_length=200, widget=TextInput())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["kind"].label = _("Kind")
        self.fields["reason"].label = _("Reason")


class CorrectionForm(ReasonForm):
    """What is really there, and why it differs."""

    def __init__(self, data: Any = None, *, items: list[StockItem]) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"on_hand_{item.pk}"] = forms.IntegerField(
                label=f"{item.variant.sku}, {item.location}",
                help_text=_("%(promised)s promised to orders.") % {"promised": item.allocated},
                min_value=0,
                max_value=MOST,
                initial=item.on_hand,
                widget=NumberInput(),
            )
            self.fields[f"was_{item.pk}"] = forms.IntegerField(
                required=False, initial=item.on_hand, widget=forms.HiddenInput()
            )
        self.order_fields([name for name in self.fields if name not in ("kind", "reason")])

    def on_hand(self, item: StockItem) -> int:
        return int(self.cleaned_data[f"on_hand_{item.pk}"])

    def was(self, item: StockItem) -> int:
        """What the page said when it was made."""
        was = self.cleaned_data[f"was_{item.pk}"]
        return item.on_hand if was is None else int(was)


def correction_of(ids: list[Any], *, back: str = "") -> str:
    query = [("item", str(item_id)) for item_id in ids] + ([("back", back)] if back else [])
    return f"{reverse('admin:inventory_stockitem_correction')}?{urlencode(query)}"


def chosen_items(request: HttpRequest) -> list[StockItem]:
    """Those the address names, or whose numbers were typed over in the list. Raises Http404."""
    wanted = [text for text in request.GET.getlist("item") if ID.fullmatch(text)] or _typed(request)
    rows = within(StockItem.objects.filter(pk__in=wanted[:AT_ONCE]), request.user, "location")
    items = list(rows.select_related("variant__product", "location").order_by("variant__sku", "pk"))
    if not items:
        raise Http404
    return items


def _typed(request: HttpRequest) -> list[str]:
    names = [match[1] for match in map(FIELD.fullmatch, request.POST) if match]
    return [pk for pk in names if request.POST[f"on_hand_{pk}"] != request.POST.get(f"was_{pk}")]


def has_typed(request: HttpRequest) -> bool:
    return bool(_typed(request))


def correct_item(request: HttpRequest, form: CorrectionForm, item: StockItem) -> None:
    """Set one number and say what came of it. Untouched rows stay what they are by now."""
    counted, was, sku = form.on_hand(item), form.was(item), item.variant.sku
    if counted == was:
        return
    if item.on_hand != was:
        told = _("%(sku)s: there are %(now)s by now; look again.")
        messages.error(request, told % {"sku": sku, "now": item.on_hand})
        return
    why = Why(
        kind=Kind(form.cleaned_data["kind"]),
        now=timezone.now(),
        reason=form.cleaned_data["reason"],
        actor=request.user if isinstance(request.user, User) else None,
    )
    try:
        # The difference, so that what leaves in this very moment stays gone.
        stocktaking.correct(
            variant_id=item.variant_id, change=counted - was, why=why, location=item.location
        )
    except StockRefused as refusal:
        messages.error(request, f"{sku}: {refusal.message}")
    else:
        messages.success(request, f"{sku}: {was} → {counted}")
