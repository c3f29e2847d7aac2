"""Two records side by side before they become one; and who may be in the books twice."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries import probable_duplicates
from shop.audit import reading
from shop.lib.errors import Refused
from shop.processes import merging

if TYPE_CHECKING:
    from accounts.admin.customer_record import CustomerRecord

FIELDS = ("email", "name", "company", "vat_number", "user", "is_tax_exempt", "created_at")


def ask(request: HttpRequest, page: "CustomerRecord", keep: Customer) -> HttpResponse:
    """Compare, and merge when that was confirmed. The record of the page stays."""
    email = (request.POST.get("with") or request.GET.get("with", "")).strip()
    gone = Customer.objects.filter(email__iexact=email).first() if email else None
    if gone is None:
        messages.error(request, _("No customer has the e-mail %(email)s.") % {"email": email})
        return _to(keep)
    if request.method == "POST":
        return _merge(request, keep, gone)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Make one of two records"),
        "opts": page.opts,
        "keep": keep,
        "gone": gone,
        "rows": [(_label(name), getattr(keep, name), getattr(gone, name)) for name in FIELDS],
        "problem": merging.problem(keep, gone),
        "counts": _counts(gone),
    }
    return TemplateResponse(request, "admin/accounts/customer/merge.html", context)


def _merge(request: HttpRequest, keep: Customer, gone: Customer) -> HttpResponse:
    actor: Any = request.user
    try:
        merged = merging.merge(keep_id=keep.pk, gone_id=gone.pk, actor=actor, now=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _to(keep)
    told = {"email": gone.email, "rows": sum(merged.moved.values())}
    messages.success(
        request, _("%(email)s is part of this record now: %(rows)s rows moved.") % told
    )
    return _to(merged.customer)


def _counts(gone: Customer) -> list[tuple[str, int]]:
    """What would move, by name."""
    found = []
    for model in merging.MOVED:
        count = model._default_manager.filter(customer=gone).count()  # noqa: SLF001
        if count:
            found.append((str(model._meta.verbose_name_plural), count))  # noqa: SLF001
    return found


def proposals(request: HttpRequest, page: "CustomerRecord") -> HttpResponse:
    """Pairs that have something in common, which people rarely share."""
    pairs = probable_duplicates()
    reading.seen(request, act="probable duplicates", count=2 * len(pairs))
    context = {
        **page.admin_site.each_context(request),
        "title": _("Who may be in the books twice"),
        "opts": page.opts,
        "pairs": pairs,
    }
    return TemplateResponse(request, "admin/accounts/customer/duplicates.html", context)


def _label(name: str) -> str:
    return str(Customer._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001


def _to(customer: Customer) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("admin:accounts_customer_change", args=[customer.pk]))
