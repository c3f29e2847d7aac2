"""The pages of returns and claims: steps for one or many, asked, done to each, reported for each."""

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.urls.resolvers import URLPattern
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import User
from orders.admin.case_steps import By, CaseStep
from shop.admin.base import ReadOnlyAdmin
from shop.lib.errors import Refused
from shop.lib.events import InvalidTransition

AT_ONCE = 100


class CaseAdmin(ReadOnlyAdmin):
    """A list and pages of cases that move by steps alone."""

    STEPS: ClassVar[Mapping[str, CaseStep]] = {}

    @property
    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        return [
            path("steps/<slug:slug>/", view, name=f"{self._name}_step"),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {
            slug: (partial(_start, slug), slug, f"{step.verb} …")
            for slug, step in self.STEPS.items()
            if request.user.has_perm(step.right)
        }

    def step_address(self, slug: str, ids: list[int]) -> str:
        query = "&".join(f"case={pk}" for pk in ids)
        return f"{reverse(f'admin:{self._name}_step', args=[slug])}?{query}"

    @admin.display(description=lazy("what can be done"))
    def steps(self, case: Any) -> SafeString:
        """Links: each leads to a question, and changes nothing by itself."""
        found = [
            (self.step_address(slug, [case.pk]), step.verb)
            for slug, step in self.STEPS.items()
            if step.is_possible(case)
        ]
        return format_html_join(" ", '<a class="action action--quiet" href="{}">{}</a>', found)

    @admin.display(description=lazy("order"))
    def order_link(self, case: Any) -> SafeString:
        page = reverse("admin:orders_order_change", args=[case.order_id])
        return format_html('<a href="{}">{}</a>', page, case.order.number)

    @admin.display(description=lazy("pictures"))
    def pictures(self, case: Any) -> SafeString:
        """Each opens by itself: what a stranger sent is not shown among our own."""
        rows = [
            (reverse("admin:orders_case_photo", args=[one.pk]), number)
            for number, one in enumerate(case.photos.order_by("pk"), start=1)
        ]
        return format_html_join(" ", '<a href="{}">#{}</a>', rows)

    def step_view(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Ask, do it to each, and report on each. 403 without the right."""
        step = self.STEPS.get(slug)
        if step is None:
            raise Http404
        if not request.user.has_perm(step.right):
            raise PermissionDenied
        cases = self._chosen(request)
        form = step.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            for case in cases:
                _take(request, step, case, form.cleaned_data)
            return HttpResponseRedirect(self._back(cases))
        context = {
            **self.admin_site.each_context(request),
            "title": step.verb,
            "opts": self.opts,
            "step": step,
            "cases": cases,
            "form": form,
            "back": self._back(cases),
        }
        return TemplateResponse(request, "admin/orders/case/step.html", context)

    def _chosen(self, request: HttpRequest) -> list[Any]:
        wanted = [text for text in request.GET.getlist("case") if text.isascii() and text.isdigit()]
        ids = [int(text[:18]) for text in wanted[:AT_ONCE]]
        rows = self.model.objects.filter(pk__in=ids).select_related("order")
        if found := list(rows.order_by("pk")):
            return found
        raise Http404

    def _back(self, cases: list[Any]) -> str:
        if len(cases) == 1:
            return reverse(f"admin:{self._name}_change", args=[cases[0].pk])
        return reverse(f"admin:{self._name}_changelist")


def _take(request: HttpRequest, step: CaseStep, case: Any, data: dict[str, Any]) -> None:
    actor = request.user
    if not isinstance(actor, User):
        raise PermissionDenied
    try:
        step.run(case, data, By(actor, timezone.now()))
    except (Refused, InvalidTransition) as refusal:
        said = str(refusal)
        messages.error(request, said if case.number in said else f"{case.number}: {said}")
    else:
        messages.success(request, f"{case.number}: {step.done}.")


def _start(
    slug: str, page: CaseAdmin, request: HttpRequest, chosen: "QuerySet[Any]"
) -> HttpResponse:
    ids = list(chosen.order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        messages.error(request, _("Choose at most %(count)s at a time.") % {"count": AT_ONCE})
        return HttpResponseRedirect(request.get_full_path())
    return HttpResponseRedirect(page.step_address(slug, ids))
