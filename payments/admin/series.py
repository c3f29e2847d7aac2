"""The two number series: what numbers look like, where they begin, when invoices are issued."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy

from payments.models import Document, Series
from payments.services import documents
from payments.services.documents import numbering
from shop.admin.base import ShopAdmin
from shop.lib.errors import Refused

Kind = Series.Kind


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Series
        fields = ("prefix", "issue", "next_number")
        help_texts = {
            "next_number": lazy(
                "Where numbers begin. Once the first document is issued they run on by themselves."
            )
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        series = self.stored
        for name, check in (
            ("next_number", numbering.check_begin),
            ("prefix", numbering.check_prefix),
        ):
            try:
                if name in data:
                    check(series, data[name])
            except Refused as refusal:
                self.add_error(name, refusal.message)
        return data

    @property
    def stored(self) -> Series:
        """As it is in the database; the form has put what was typed on its own."""
        return Series.objects.get(pk=self.instance.pk)


@admin.register(Series)
class SeriesAdmin(ShopAdmin):
    form = SeriesForm
    list_display = ("kind", "prefix", "next_number", "issue")
    ordering = ("kind",)
    actions = ()

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def get_fields(self, request: HttpRequest, obj: Series | None = None) -> Any:  # noqa: ARG002
        is_invoice = obj is not None and obj.kind == Kind.INVOICE
        return ("kind", "prefix", "next_number", *(("issue",) if is_invoice else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: Series | None = None) -> Any:  # noqa: ARG002
        begun = obj is not None and Document.objects.filter(series=obj).exists()
        return ("kind", "next_number") if begun else ("kind",)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        for kind in Kind:
            documents.series_of(kind)
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: Series, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        """Only what the form names: a number given out meanwhile must not be given again."""
        data = form.cleaned_data
        stored = form.stored
        documents.change(
            series=stored,
            prefix=data.get("prefix", stored.prefix),
            issue=data.get("issue", stored.issue),
            begin=data.get("next_number"),
            now=timezone.now(),
        )
