"""What staff may ask of the stock pages, read from the address."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Category
from inventory.models import Location, StockMovement, Supplier

ALL = ("", _("All"))
ABC = [ALL, ("A", "A"), ("B", "B"), ("C", "C"), ("-", _("None"))]
XYZ = [ALL, ("X", "X"), ("Y", "Y"), ("Z", "Z"), ("-", _("None"))]
Kind = StockMovement.Kind


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class AskForm(forms.Form):
    """A question that narrows a list; what makes no sense narrows nothing."""

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        super().__init__(data)
        self.today = today
        for name, choices in self.choices().items():
            self.fields[name].choices = [ALL, *choices]  # type: ignore[attr-defined]
        self.is_valid()

    def choices(self) -> dict[str, Any]:
        """Of fields whose choices are rows."""
        return {}

    def asked(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""


class PiecesForm(AskForm):
    """Variants by words, category and supplier."""

    q = forms.CharField(label=_("SKU or title"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("Category"), required=False)
    supplier = forms.ChoiceField(label=_("Supplier"), required=False)

    def choices(self) -> dict[str, Any]:
        tops = Category.objects.filter(depth=1).order_by("name")
        return {"category": tops.values_list("url_path", "name"), "supplier": suppliers()}


class Lasting(models.TextChoices):
    OUT = "out", _("Sold out")
    WEEK = "7", _("At most 7 days")
    FORTNIGHT = "14", _("At most 14 days")
    MONTH = "28", _("At most 28 days")
    LATE = "late", _("Sold out before new stock can come")


class CoverForm(PiecesForm):
    lasts = forms.ChoiceField(label=_("Lasts"), required=False, choices=[ALL, *Lasting.choices])


class ClassesForm(PiecesForm):
    abc = forms.ChoiceField(label="ABC", required=False, choices=ABC)
    xyz = forms.ChoiceField(label="XYZ", required=False, choices=XYZ)


class MovementsForm(AskForm):
    """Movements by day, kind, location, SKU or reference."""

    start = day_field(_("From"))
    end = day_field(_("To"))
    kind = forms.MultipleChoiceField(label=_("Kind"), required=False, choices=Kind.choices)
    location = forms.ChoiceField(label=_("Location"), required=False)
    q = forms.CharField(label=_("SKU or reference"), required=False, max_length=80)

    def choices(self) -> dict[str, Any]:
        return {"location": locations()}


class ValueForm(AskForm):
    """Stock as of the end of a day; today unless told otherwise."""

    on = day_field(_("At the end of"))
    location = forms.ChoiceField(label=_("Location"), required=False)
    q = forms.CharField(label=_("SKU or title"), required=False, max_length=80)

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        super().__init__({"on": today, **{k: v for k, v in data.items() if v}}, today=today)

    def choices(self) -> dict[str, Any]:
        return {"location": locations()}

    def day(self) -> dt.date:
        return min(self.asked("on") or self.today, self.today)


class PastForm(AskForm):
    """Some days; the past year unless told otherwise."""

    start = day_field(_("From"))
    end = day_field(_("To"))

    def __init__(self, data: Mapping[str, Any], *, today: dt.date) -> None:
        year = {"start": today - dt.timedelta(days=365), "end": today}
        super().__init__(year | {k: v for k, v in data.items() if v}, today=today)

    def first(self) -> dt.date:
        first: dt.date = self.asked("start") or self.today - dt.timedelta(days=365)
        return min(first, self.last())

    def last(self) -> dt.date:
        last: dt.date = self.asked("end") or self.today
        return min(last, self.today)


class SuppliersForm(PastForm):
    q = forms.CharField(label=_("Supplier"), required=False, max_length=80)


class WordsForm(AskForm):
    q = forms.CharField(label=_("Words"), required=False, max_length=80)


def locations() -> Any:
    return Location.objects.order_by("position", "pk").values_list("code", "name")


def suppliers() -> Any:
    return Supplier.objects.order_by("name").values_list("code", "name")


class KindForm(AskForm):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Kind.choices])
