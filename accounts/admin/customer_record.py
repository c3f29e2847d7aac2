"""The one record of a customer: the timeline, notes, tags, and the doors to other pages."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from accounts.admin import merge_pages, timeline
from accounts.models import Customer
from accounts.services import notes, viewing
from shop.admin.base import ShopAdmin
from shop.admin.kit import Textarea, TextInput
from shop.lib.errors import Refused
from shop.lib.text import clean

PERSONAL = "accounts.view_personal_data"
NOTES = "accounts.add_customernote"
MERGE = "accounts.merge_customer"


class NoteForm(forms.Form):
    text = forms.CharField(
        label=lazy("Note for colleagues"),
        max_length=2000,
        widget=Textarea(attrs={"rows": 3}),
        help_text=lazy("The customer gets it, too, whenever they ask for everything about them."),
    )


class TagsForm(forms.Form):
    tags = forms.CharField(
        label=lazy("Tags"),
        max_length=500,
        required=False,
        widget=TextInput(),
        help_text=lazy("With commas between."),
    )


class CustomerRecord(ShopAdmin):
    """What a customer's page has beyond the form."""

    change_form_outer_after_template = "admin/accounts/customer/_record.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("<int:pk>/notes/", require_POST(self.note_view), "note"),
            ("<int:pk>/tags/", require_POST(self.tags_view), "tags"),
            ("<int:pk>/view-as/", require_POST(self.view_as_view), "view_as"),
            ("<int:pk>/merge/", self.merge_view, "merge"),
            ("duplicates/", self.duplicates_view, "duplicates"),
        ]
        paths = [
            path(route, wrap(view), name=f"accounts_customer_{name}") for route, view, name in own
        ]
        return [*paths, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        told = dict(extra_context or {})
        if object_id.isdigit() and request.user.has_perm(PERSONAL):
            customer = Customer.objects.select_related("user").filter(pk=object_id).first()
            told["record"] = _record(request, customer) if customer else None
        response: HttpResponse = super().change_view(request, object_id, form_url, told)
        return response

    def note_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = self._customer(request, pk, NOTES)
        form = NoteForm(request.POST)
        if form.is_valid():
            text = clean(form.cleaned_data["text"])
            notes.add(customer=customer, text=text, author=_who(request), now=timezone.now())
        else:
            messages.error(request, _("A note needs some words, at most 2000 characters."))
        return _back(pk)

    def tags_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = self._customer(request, pk, "accounts.change_customer")
        try:
            text = clean(request.POST.get("tags", ""))[:500]
            notes.set_tags(customer=customer, text=text, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
        return _back(pk)

    def view_as_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        customer = self._customer(request, pk, viewing.RIGHT)
        try:
            viewing.begin(request, customer=customer, now=timezone.now())
        except Refused as refusal:
            messages.error(request, refusal.message)
            return _back(pk)
        return redirect("accounts:overview")

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return merge_pages.ask(request, self, self._customer(request, pk, MERGE))

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        if not (request.user.has_perm(MERGE) and request.user.has_perm(PERSONAL)):
            raise PermissionDenied
        return merge_pages.proposals(request, self)

    def _customer(self, request: HttpRequest, pk: int, right: str) -> Customer:
        if not (request.user.has_perm(right) and self.has_view_permission(request)):
            raise PermissionDenied
        return get_object_or_404(Customer.objects.select_related("user"), pk=pk)


def _record(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    before = parse_datetime(request.GET.get("before", "")) or timezone.now()
    before = before if timezone.is_aware(before) else before.replace(tzinfo=dt.UTC)
    kind = request.GET.get("kind", "")
    found = timeline.entries(request, customer, before=before, kind=kind)
    shown, more = found[: timeline.PER_PAGE], len(found) > timeline.PER_PAGE
    may = request.user.has_perm
    tags = TagsForm(initial={"tags": ", ".join(customer.tags)})
    older = {"kind": kind, "before": shown[-1].at.isoformat()} if more else {}
    return {
        "customer": customer,
        "entries": shown,
        "kinds": [(code, name, code == kind) for code, name in timeline.kinds(request)],
        "older_url": f"?{urlencode(older)}#history" if older else "",
        "addresses": list(customer.addresses.order_by("-is_default", "-used_at", "-pk")),
        "note_form": NoteForm() if may(NOTES) else None,
        "tags_form": tags if may("accounts.change_customer") else None,
        "can_view_as": may(viewing.RIGHT) and customer.user is not None,
        "can_merge": may(MERGE),
    }


def _who(request: HttpRequest) -> Any:
    return request.user


def _back(pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:accounts_customer_change", args=[pk]))
