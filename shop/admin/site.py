"""The staff site: unfold's, without what every page works out and this shop never shows."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.admin import sites
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from shop.admin_site import UNFOLD

if TYPE_CHECKING:
    from django.apps import AppConfig as BasicAppConfig
    from django.contrib.admin import AdminSite as UnfoldAdminSite
else:
    from unfold.apps import BasicAppConfig
    from unfold.sites import UnfoldAdminSite


class StaffSite(UnfoldAdminSite):
    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """Looked up when somebody reads it: the sidebar has entries of its own."""
        if app_label:
            return super().get_app_list(request, app_label)
        everything = super().get_app_list
        return SimpleLazyObject(lambda: everything(request))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The entries know who may open them; what is left is to say where one is."""
        index = reverse(f"{self.name}:index")
        groups: list[dict[str, Any]] = import_string(UNFOLD["SIDEBAR"]["navigation"])(request)
        for entry in (entry for group in groups for entry in group["items"]):
            entry |= {"active": _is_here(entry["link"], request, index), "has_permission": True}
        return groups


def _is_here(link: str, request: HttpRequest, index: str) -> bool:
    """A page belongs to the list it lies under; the start page has none below it."""
    page = urlsplit(link).path
    return request.path == index if page == index else page in request.path


class StaffSiteConfig(BasicAppConfig):
    """Unfold with this site in place of its own."""

    def ready(self) -> None:
        admin.site = sites.site = StaffSite()
