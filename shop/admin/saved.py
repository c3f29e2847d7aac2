"""Views that staff save of any list: filters, search and order under a name, as links above it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _

from accounts.models import SavedView
from shop.admin.discretion import may_take
from shop.admin.list_file import ListFile

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[SavedView]
else:
    ModelForm = forms.ModelForm

# Where one is in a list is not what one is looking for.
FLEETING = ("p", "e", "_popup", "_to_field", "csrfmiddlewaretoken")
MOST = 30
DELETE = "accounts.delete_savedview"


class SavedViewForm(ModelForm):
    class Meta:
        model = SavedView
        fields = ("name", "is_shared", "query")

    def clean_query(self) -> str:
        return tidy(QueryDict(self.cleaned_data["query"].lstrip("?")))


def tidy(query: QueryDict) -> str:
    """What of an address is worth keeping, in one order."""
    kept = query.copy()
    for name in FLEETING:
        kept.pop(name, None)
    return kept.urlencode()


class SavedViews(ListFile):
    list_before_template = "admin/_list_head.html"

    def list_tools(self, request: HttpRequest) -> Sequence[dict[str, str]]:
        """Links beside the views: words and address."""
        if not may_take(self.opts.label_lower, request):
            return []
        return [{"words": _("Export CSV"), "link": self.list_file_address(tidy(request.GET))}]

    def get_urls(self) -> list[URLPattern]:
        name, view = self._views_name(), self.admin_site.admin_view
        return [
            path("views/", view(self.save_view), name=f"{name}_save"),
            path("views/<int:pk>/deletion/", view(self.delete_saved_view), name=f"{name}_delete"),
            *super().get_urls(),
        ]

    def _views_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_view"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"list_head": self._list_head(request)} | (extra_context or {})
        return super().changelist_view(request, context)

    def _list_head(self, request: HttpRequest) -> dict[str, Any]:
        here, name = tidy(request.GET), self._views_name()
        views = SavedView.objects.filter(page=self.opts.label_lower).order_by("name", "pk")
        mine = list(views.filter(Q(user=request.user.pk) | Q(is_shared=True))[:MOST])
        is_tidier = request.user.has_perm(DELETE)
        deletable = {one.pk for one in mine if is_tidier or one.user_id == request.user.pk}
        return {
            "here": here,
            "tools": self.list_tools(request),
            "save": reverse(f"admin:{name}_save"),
            "views": [
                {
                    "name": view.name,
                    "query": view.query,
                    "is_here": view.query == here,
                    "is_shared": view.is_shared,
                    "delete": reverse(f"admin:{name}_delete", args=[view.pk])
                    if view.pk in deletable
                    else "",
                }
                for view in mine
            ],
        }

    def save_view(self, request: HttpRequest) -> HttpResponse:
        self._guard(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = SavedViewForm(request.POST)
        if not form.is_valid():
            problems = [str(error) for errors in form.errors.values() for error in errors]
            messages.error(request, _("The view was not saved. %s") % " ".join(problems))
            return self._to_list("")
        values = form.cleaned_data
        SavedView.objects.update_or_create(
            user_id=request.user.pk or 0,
            page=self.opts.label_lower,
            name=values["name"],
            defaults={"query": values["query"], "is_shared": values["is_shared"]},
        )
        messages.success(request, _("The view “%(name)s” is saved.") % {"name": values["name"]})
        return self._to_list(values["query"])

    def delete_saved_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._guard(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        views = SavedView.objects.filter(pk=pk, page=self.opts.label_lower)
        if not views.filter(_may_delete(request)).delete()[0]:
            raise PermissionDenied
        messages.success(request, _("The view is deleted."))
        return self._to_list("")

    def _guard(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _to_list(self, query: str) -> HttpResponse:
        page = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(f"{page}?{query}" if query else page)


def _may_delete(request: HttpRequest) -> Q:
    """One's own views, and shared ones for who keeps house."""
    own = Q(user=request.user.pk)
    return own | Q(is_shared=True) if request.user.has_perm(DELETE) else own
