"""Options: a list of words on the product's page, names and swatches on a page of their own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Option, OptionValue
from catalog.services import options
from shop.admin.base import LabelledFormSet, ShopAdmin, ShopInline
from shop.admin.kit import Textarea
from shop.processes import browsing

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Option]
else:
    ModelForm = forms.ModelForm


class OptionForm(ModelForm):
    values = forms.CharField(
        label=lazy("values, one per line"), widget=Textarea(attrs={"rows": 4}), max_length=4000
    )

    class Meta:
        model = Option
        fields = ("name", "position")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = sorted(self.instance.values.all(), key=lambda v: (v.position, v.pk))
            self.initial["values"] = "\n".join(value.name for value in names)

    def clean_values(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["values"].splitlines())
        names = list(dict.fromkeys(filter(None, lines)))
        if any(len(name) > 80 for name in names):
            raise ValidationError(_("A value has at most 80 characters."))
        if self.instance.pk and (used := options.used_values(self.instance, without=names)):
            told = {"names": ", ".join(used)}
            raise ValidationError(_("Variants still have: %(names)s.") % told)
        return names

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        options.set_values(option=self.instance, names=self.cleaned_data["values"])


class OptionFormSet(LabelledFormSet):
    def clean(self) -> None:
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and options.used_values(form.instance, without=[]):
                raise ValidationError(_("Variants still use %(name)s.") % {"name": form.instance})


class OptionInline(ShopInline):
    model = Option
    tab = True
    ordering_field = "position"
    form = OptionForm
    formset = OptionFormSet
    fields = ("name", "values", "position")
    max_num = 3
    show_change_link = True
    ordering = ("position", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("values")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        may_edit = self.has_change_permission(request, obj)
        return self.fields if may_edit else ("name", "value_list", "position")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if self.has_change_permission(request, obj) else ("value_list",)

    @admin.display(description=lazy("values"))
    def value_list(self, option: Option) -> str:
        return ", ".join(value.name for value in option.values.all())


class ValueInline(ShopInline):
    model = OptionValue
    fields = ("name", "tile", "position")
    can_delete = False
    ordering = ("position", "id")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


@admin.register(Option)
class OptionAdmin(ShopAdmin):
    """Reached from its product: here an option and its values are renamed and get swatches."""

    fields = ("product", "name", "position")
    readonly_fields = ("product",)
    inlines = (ValueInline,)

    def has_module_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:  # noqa: FBT001
        super().save_related(request, form, formsets, change)
        product = form.instance.product
        options.relabel(product=product)
        browsing.cards_are_stale(product_ids=[product.pk], now=timezone.now())
