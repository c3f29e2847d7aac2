"""What is to be counted."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Category
from inventory.models import Location
from inventory.services.count_sheets import Which


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{'– ' * (obj.depth - 1)}{obj.name}"


class NewCountForm(forms.Form):
    """A location, and what of it; chosen items (`item_ids`) come from the list of stock."""

    location = forms.ModelChoiceField(
        label=lazy("Where"), queryset=Location.objects.none(), empty_label=None
    )
    name = forms.CharField(
        label=lazy("What"),
        required=False,
        max_length=120,
        help_text=lazy("As people will call it: “Tea shelf, November”."),
    )
    first_bin = forms.CharField(label=lazy("From bin"), required=False, max_length=20)
    last_bin = forms.CharField(label=lazy("To bin"), required=False, max_length=20)
    category = CategoryField(
        label=lazy("Category"),
        required=False,
        queryset=Category.objects.none(),
        empty_label=lazy("All"),
    )
    is_blind = forms.BooleanField(
        label=lazy("Blind"),
        required=False,
        initial=True,
        help_text=lazy("Whoever counts does not see what should be there."),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        item_ids: list[int] | None = None,
        places: "QuerySet[Location] | None" = None,
    ) -> None:
        super().__init__(data)
        self.item_ids = item_ids or []
        offered = Location.objects.filter(is_active=True) if places is None else places
        self.fields["location"].queryset = offered.order_by("position", "pk")  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.order_by("path")  # type: ignore[attr-defined]
        if self.item_ids:
            for name in ("location", "first_bin", "last_bin", "category"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("first_bin")) != bool(cleaned.get("last_bin")):
            missing = "last_bin" if cleaned.get("first_bin") else "first_bin"
            self.add_error(missing, _("A stretch of bins has two ends."))
        return cleaned

    def which(self) -> Which:
        asked = self.cleaned_data
        ends = (asked.get("first_bin", ""), asked.get("last_bin", ""))
        return Which(
            bins=ends if all(ends) else None,
            category_id=category.pk if (category := asked.get("category")) else None,
            item_ids=self.item_ids or None,
        )
