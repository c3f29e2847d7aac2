"""One form for several products: asked, shown row by row as an import is, and applied there."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.admin.bulk_form import SeveralForm
from catalog.models import Product
from shop.processes import round_trip

if TYPE_CHECKING:
    from catalog.admin.product_list import ProductList

AT_ONCE = 300
NAMED = 12
LIST = "admin:catalog_product_changelist"


def ask(page: "ProductList", request: HttpRequest, ids: list[int]) -> HttpResponse:
    """The empty form for the ticked rows."""
    if len(ids) > AT_ONCE:
        told = _("Choose at most %(count)s products at a time, or export and import them.")
        messages.error(request, told % {"count": AT_ONCE})
        return HttpResponseRedirect(request.get_full_path())
    return _answer(page, request, SeveralForm(initial={"ids": ",".join(map(str, ids))}), ids)


def show(page: "ProductList", request: HttpRequest) -> HttpResponse:
    """Take the form; what it would do is shown before it is done."""
    if not page.has_change_permission(request):
        raise PermissionDenied
    if request.method != "POST":
        return HttpResponseRedirect(reverse(LIST))
    form = SeveralForm(request.POST)
    if not form.is_valid():
        return _answer(page, request, form, form.cleaned_data.get("ids", []))
    ids = form.cleaned_data["ids"][:AT_ONCE]
    name = ngettext("%(count)s product edited", "%(count)s products edited together", len(ids))
    run = round_trip.plan(
        name=name % {"count": len(ids)},
        product_ids=ids,
        wish=form.wish(),
        actor=request.user,  # type: ignore[arg-type]
        now=timezone.now(),
    )
    return HttpResponseRedirect(reverse("admin:catalog_importrun_change", args=[run.pk]))


def _answer(
    page: "ProductList", request: HttpRequest, form: SeveralForm, ids: list[int]
) -> HttpResponse:
    titles = Product.objects.filter(pk__in=ids).order_by("title", "pk")
    context = {
        **page.admin_site.each_context(request),
        "title": _("Edit several products"),
        "opts": page.opts,
        "form": form,
        "count": len(ids),
        "titles": list(titles.values_list("title", flat=True)[:NAMED]),
        "more": max(0, len(ids) - NAMED),
        "groups": _groups(form),
        "back": reverse(LIST),
    }
    return TemplateResponse(request, "admin/catalog/product_list/several.html", context)


def _groups(form: SeveralForm) -> list[tuple[str, list[object]]]:
    named = {
        _("On the shelf"): ("status", "category", "type", "brand", "published_at"),
        _("Tags"): ("more_tags", "fewer_tags"),
        _("Prices"): ("market", "per_cent", "amount", "ending", "was"),
        _("Empty"): ("emptied",),
    }
    return [(title, [form[name] for name in names]) for title, names in named.items()]
