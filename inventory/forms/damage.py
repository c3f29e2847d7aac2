"""What is broken, mended or thrown away."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as lazy

from inventory.models import Batch, StockItem
from inventory.services.stock import Lot

WHAT = (
    ("damage", lazy("Broken: take off sale")),
    ("mend", lazy("Mended: sell again")),
    ("scrap", lazy("Throw damaged ones away")),
)


class DamageForm(forms.Form):
    """Of one variant: how many, where, of which batch, and why."""

    what = forms.ChoiceField(label=lazy("What happened"), choices=WHAT)
    item = forms.ModelChoiceField(
        label=lazy("Where"), queryset=StockItem.objects.none(), empty_label=None
    )
    units = forms.IntegerField(label=lazy("Units"), min_value=1, max_value=99_999, initial=1)
    batch = forms.ModelChoiceField(
        label=lazy("Batch"),
        queryset=Batch.objects.none(),
        required=False,
        empty_label=lazy("The next to expire"),
    )
    reason = forms.CharField(label=lazy("Why"), max_length=200)

    def __init__(self, data: Any = None, *, items: Any, has_batches: bool) -> None:
        super().__init__(data)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = lambda item: str(item.location)  # type: ignore[attr-defined]
        self.fields["batch"].queryset = Batch.objects.filter(stock_item__in=items, on_hand__gt=0)  # type: ignore[attr-defined]
        if not has_batches:
            del self.fields["batch"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        item, batch = cleaned.get("item"), cleaned.get("batch")
        if item and batch and batch.stock_item_id != item.pk:
            self.add_error("batch", lazy("This batch lies at another location."))
        return cleaned

    def lot(self) -> Lot | None:
        batch = self.cleaned_data.get("batch")
        return Lot(batch.code, batch.expires_on) if batch else None
