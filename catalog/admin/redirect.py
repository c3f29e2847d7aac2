from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from catalog.models import Redirect
from catalog.services import redirects
from catalog.services.redirects import BadRedirect
from shop.admin.base import OnPages, ShopAdmin, badge

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Redirect]
else:
    ModelForm = forms.ModelForm


class RedirectForm(ModelForm):
    class Meta:
        model = Redirect
        fields = ("old_path", "new_path")
        help_texts = {
            "old_path": lazy("Without the market's part: /p/old-mug/ serves every market."),
            "new_path": lazy("A chain is shortened by itself: both lead to where it ends."),
        }

    def clean_old_path(self) -> str:
        return self._tidy("old_path")

    def clean_new_path(self) -> str:
        return self._tidy("new_path")

    def _tidy(self, name: str) -> str:
        try:
            return redirects.tidy(self.cleaned_data[name])
        except BadRedirect as refusal:
            raise ValidationError(refusal.message) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        old, new = cleaned.get("old_path"), cleaned.get("new_path")
        leads_back = Redirect.objects.filter(old_path=new, new_path=old).exclude(
            pk=self.instance.pk
        )
        if old and new and (old == new or leads_back.exists()):
            raise ValidationError(_("%(path)s would lead back to itself.") % {"path": old})
        return cleaned


@admin.register(Redirect)
class RedirectAdmin(OnPages, ShopAdmin):
    """Addresses that moved: by themselves when a slug changes, by hand for campaigns and old shops."""

    form = RedirectForm
    list_display = ("old_path", "new_path", "origin", "created_at")
    list_filter = ("is_automatic",)
    search_fields = ("old_path", "new_path")
    search_help_text = lazy("Old or new address")
    ordering = ("-created_at", "-id")

    @badge(lazy("made by"), {}, ordering="is_automatic")
    def origin(self, redirect: Redirect) -> tuple[bool, str]:
        return redirect.is_automatic, _("the shop") if redirect.is_automatic else _("staff")

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        """The row of that old address is written; one that had another old address gives way."""
        made = redirects.add(old_path=obj.old_path, new_path=obj.new_path, now=timezone.now())
        if obj.pk and obj.pk != made.pk:
            Redirect.objects.filter(pk=obj.pk).delete()
        obj.pk, obj.created_at, obj.new_path = made.pk, made.created_at, made.new_path
