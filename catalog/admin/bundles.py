"""The parts of a bundle, on the variant's page."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import BundlePart
from catalog.services import bundles
from shop.admin.base import LabelledFormSet, ShopInline
from shop.lib.errors import Refused


class PartFormSet(LabelledFormSet):
    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        parts = {
            form.cleaned_data["part"].pk: form.cleaned_data["quantity"] for form in self.kept()
        }
        try:
            bundles.check(bundle=self.instance, parts=parts)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal

    def kept(self) -> Iterator[Any]:
        for form in self.forms:
            cleaned = getattr(form, "cleaned_data", {})
            if cleaned.get("part") and not cleaned.get("DELETE"):
                yield form


class BundlePartInline(ShopInline):
    model = BundlePart
    fk_name = "bundle"
    formset = PartFormSet
    tab = True
    hide_title = True
    fields = ("part", "quantity", "position")
    autocomplete_fields = ("part",)
    verbose_name_plural = _("bundle parts")
    ordering_field = "position"
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("part__product")
