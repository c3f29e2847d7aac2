"""Pools of licence keys."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from inventory.models import LicenceKey
from inventory.services import keys
from shop.admin.base import ShopAdmin
from shop.admin.kit import Textarea
from shop.processes import browsing


class KeysForm(forms.ModelForm):  # type: ignore[type-arg]
    """Many keys at once, for one variant."""

    codes = forms.CharField(
        label=lazy("Keys, one per line"),
        widget=Textarea(attrs={"rows": 12, "autocomplete": "off", "spellcheck": "false"}),
        max_length=200_000,
        help_text=lazy("Those that are there already are left out."),
    )

    class Meta:
        model = LicenceKey
        fields = ("variant",)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        lines = [line.strip() for line in cleaned.get("codes", "").splitlines()]
        variant = cleaned.get("variant")
        if any(len(line) > keys.LONGEST for line in lines):
            self.add_error("codes", _("A key has at most 255 characters."))
        elif variant and "codes" in cleaned:
            known = set(LicenceKey.objects.filter(variant=variant).values_list("code", flat=True))
            if not set(filter(None, lines)) - known:
                self.add_error("codes", _("All of these are there already."))
        return {**cleaned, "lines": lines}


@admin.register(LicenceKey)
class LicenceKeyAdmin(ShopAdmin):
    """Pools of keys. A key is put in and handed out; nobody reads or edits it here."""

    form = KeysForm
    list_display = ("sku", "ends_in", "added_at", "taken_at")
    list_select_related = ("variant",)
    list_filter = (("taken_at", admin.EmptyFieldListFilter),)
    search_fields = ("variant__sku", "=code")
    search_help_text = lazy("SKU, or a whole key")
    ordering = ("variant__sku", "id")
    autocomplete_fields = ("variant",)
    fields = ("variant", "codes")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One at a time, and a key that somebody has stays."""
        is_free = obj is not None and obj.holder is None
        return is_free and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("variant", "ends_in", "added_at", "taken_at") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        return ("variant", "ends_in", "added_at", "taken_at") if obj else ()

    @admin.display(description=lazy("SKU"), ordering="variant__sku")
    def sku(self, key: LicenceKey) -> str:
        return key.variant.sku

    @admin.display(description=lazy("key"))
    def ends_in(self, key: LicenceKey) -> str:
        return f"…{key.code[-4:]}"

    def save_model(self, request: HttpRequest, obj: LicenceKey, form: Any, change: bool) -> None:  # noqa: ARG002, FBT001
        now = timezone.now()
        added = keys.add(variant=obj.variant, codes=form.cleaned_data["lines"], now=now)
        obj.pk = LicenceKey.objects.filter(variant=obj.variant).latest("pk").pk
        browsing.cards_are_stale(product_ids=[obj.variant.product_id], now=now)
        told = {"count": added.count, "known": added.known}
        text = _("%(count)s keys put in, %(known)s were there already.") % told
        messages.success(request, text)

    def response_add(self, request: HttpRequest, obj: Any, *_args: Any, **_kwargs: Any) -> Any:  # noqa: ARG002
        """What there is to say was said."""
        return HttpResponseRedirect(reverse("admin:inventory_licencekey_changelist"))
