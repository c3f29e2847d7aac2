"""What the forms on a purchase order's page do."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from inventory.admin.purchase_forms import AddForm, LineForm, TermsForm
from inventory.models import PurchaseOrder
from inventory.queries import buyable
from inventory.services import purchase_terms, purchases
from inventory.services.purchases import Wanted
from shop.lib.errors import Refused


class NotFilled(Refused):
    """Raised when a form of the page was sent without what it asks for."""


class Ambiguous(Exception):
    """Raised when what was typed is no number of exactly one variant; it is searched for."""


def act(request: HttpRequest, order: PurchaseOrder) -> HttpResponse:
    """Do what was pressed and say what came of it."""
    does = ACTS.get(request.POST.get("do", ""))
    if does is None:
        raise Http404
    page = reverse("admin:inventory_purchaseorder_change", args=[order.pk])
    try:
        for words in does(request, order):
            messages.success(request, words)
    except Ambiguous as text:
        return HttpResponseRedirect(f"{page}?{urlencode({'q': str(text)})}#found")
    except Refused as refusal:
        messages.error(request, refusal.message)
    return HttpResponseRedirect(page)


def _add(request: HttpRequest, order: PurchaseOrder) -> list[str]:
    form = AddForm(request.POST)
    if not form.is_valid():
        raise NotFilled(_("Say what, and how many units."))
    text = form.cleaned_data["text"].strip()
    found = buyable.exactly(supplier_id=order.supplier_id, number=text)
    if len(found) != 1:
        raise Ambiguous(text)
    wanted = Wanted(
        found[0].variant.pk, form.cleaned_data["quantity"], unit_cost=form.cleaned_data["unit_cost"]
    )
    words = purchases.set_line(order_id=order.pk, wanted=wanted)
    return [_("%(sku)s is on the order.") % {"sku": found[0].variant.sku}, *words]


def _lines(request: HttpRequest, order: PurchaseOrder) -> list[str]:
    """All lines of the draft as they were filled in; those left alone stay as they are."""
    rows = order.lines.select_related("variant").order_by("position", "pk")
    forms = [LineForm(request.POST, line=line) for line in rows]
    for form in forms:
        if not form.is_valid():
            words = _("%(sku)s: enter whole units and a cost.")
            raise NotFilled(words % {"sku": form.line.variant.sku})
    gone = [form.line.variant_id for form in forms if form.cleaned_data["remove"]]
    wanted = [
        Wanted(form.line.variant_id, form.cleaned_data["quantity"], unit_cost=form.cost)
        for form in forms
        if form.has_changed() and form.line.variant_id not in gone
    ]
    return [_("Kept."), *purchases.set_lines(order_id=order.pk, wanted=wanted, gone=gone)]


def _terms(request: HttpRequest, order: PurchaseOrder) -> list[str]:
    form = TermsForm(request.POST, order=order)
    if not form.is_valid():
        raise NotFilled(" ".join(str(words) for errors in form.errors.values() for words in errors))
    purchase_terms.set_terms(order_id=order.pk, terms=form.terms())
    return [_("Kept.")]


ACTS: dict[str, Callable[[HttpRequest, PurchaseOrder], list[str]]] = {
    "add": _add,
    "lines": _lines,
    "terms": _terms,
}
