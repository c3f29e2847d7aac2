"""Keys to the API: made and shown once, narrowed, taken back; never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from channels.admin.key_form import KeyForm
from channels.models import ApiKey
from channels.services import keys
from shop.admin.base import ShopAdmin, badge, button

TONES = {"open": "success", "over": "default", "revoked": "danger"}


@admin.register(ApiKey)
class ApiKeyAdmin(ShopAdmin):
    form = KeyForm
    list_display = ("name", "prefix", "may", "state", "limit", "last_used_at", "last_used_from")
    list_filter = ("revoked_at",)
    search_fields = ("name", "prefix")
    search_help_text = lazy("Name, or the first letters of the key")
    ordering = ("name", "id")
    list_select_related = ("created_by",)
    readonly_fields = (
        *("prefix", "state", "created_by", "created_at"),
        *("last_used_at", "last_used_from", "revoked_at"),
    )
    actions_detail = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # noqa: ARG002
        asked = ("name", "scopes", "limit", "expires_at")
        return (*asked, *self.readonly_fields) if obj else asked

    @admin.display(description=lazy("may"))
    def may(self, api_key: ApiKey) -> str:
        return ", ".join(api_key.scopes)

    @badge(lazy("state"), TONES)
    def state(self, api_key: ApiKey) -> tuple[str, str]:
        if api_key.revoked_at:
            return "revoked", _("Revoked")
        if api_key.expires_at and api_key.expires_at <= timezone.now():
            return "over", _("Expired")
        return "open", _("In force")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A revoked key is history."""
        is_over = obj is not None and obj.revoked_at is not None
        return not is_over and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        """What it did refers to it: it is revoked instead."""
        return False

    # Making

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            request.new_key = keys.cut(obj)  # type: ignore[attr-defined]
            obj.created_by, obj.created_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: ApiKey, *_args: Any, **_kwargs: Any
    ) -> HttpResponse:
        """Straight in the answer: on its way through a message it would lie in a cookie."""
        return self._page(request, obj, token=request.new_key)  # type: ignore[attr-defined]

    # Taking back

    @button(lazy("Revoke"), "key_off")
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponseRedirect(reverse("admin:channels_apikey_revoke", args=[object_id]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.revoke_view)
        mine = path("<int:pk>/revoke/", view, name="channels_apikey_revoke")
        return [mine, *super().get_urls()]

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask once more, then take the key back for good."""
        api_key = get_object_or_404(ApiKey, pk=pk)
        if not self.has_change_permission(request, api_key):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, api_key)
        keys.revoke(api_key=api_key, now=timezone.now())
        self.log_change(request, api_key, _("Revoked."))
        messages.success(request, _("%(name)s opens nothing any more.") % {"name": api_key.name})
        return HttpResponseRedirect(reverse("admin:channels_apikey_changelist"))

    def _page(self, request: HttpRequest, api_key: ApiKey, token: str = "") -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": api_key.name,
            "opts": self.opts,
            "token": token,
            "post_to": reverse("admin:channels_apikey_revoke", args=[api_key.pk]),
            "back": reverse("admin:channels_apikey_changelist"),
        }
        return TemplateResponse(request, "admin/channels/apikey/key.html", context)
