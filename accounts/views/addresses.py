"""The address book of an account."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Address, Customer
from accounts.services import addresses as book
from accounts.services.addresses import UnknownAddress, Written
from accounts.services.places import country_names
from accounts.views.address_form import AddressForm, as_typed
from accounts.views.frame import members_only, page
from catalog.queries.markets import markets
from catalog.views.market import market_of
from shop.lib.errors import Refused


@members_only
@require_safe
def addresses(request: HttpRequest, customer: Customer) -> HttpResponse:
    rows = list(book.of(customer))
    names = dict(country_names({row.country for row in rows}))
    shown = [(row, names.get(row.country, row.country)) for row in rows]
    return page(request, "addresses", title=_("Addresses"), addresses=shown)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: HttpRequest, customer: Customer) -> HttpResponse:
    return _write(request, customer, None)


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, customer: Customer, *, pk: int) -> HttpResponse:
    row = book.of(customer).filter(pk=pk).first()
    if row is None:
        raise Http404
    return _write(request, customer, row)


def _write(request: HttpRequest, customer: Customer, row: Address | None) -> HttpResponse:
    """Show the form, in another country's order when that was asked for, or keep what it says."""
    if request.method != "POST":
        form = AddressForm(countries=_countries(), initial=_initial(request, row))
        return _show(request, form, row=row)
    if request.POST.get("refresh"):
        form = AddressForm(countries=_countries(), initial=as_typed(request.POST))
        return _show(request, form, row=row)
    form = AddressForm(request.POST, countries=_countries())
    if not form.is_valid():
        return _show(request, form, row=row, status=422)
    try:
        book.save(
            customer=customer,
            written=form.written(),
            pk=row.pk if row else None,
            is_default=form.cleaned_data["is_default"],
            now=timezone.now(),
        )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, form, row=row, status=409)
    return redirect("accounts:addresses")


def _initial(request: HttpRequest, row: Address | None) -> dict[str, object]:
    if row is None:
        return {"country": market_of(request).home_country}
    return {name: getattr(row, name) for name in (*Written.__dataclass_fields__, "is_default")}


def _countries() -> set[str]:
    """Wherever one of the markets sells to; also those that this market does not."""
    return {code for market in markets() for code in market.countries}


def _show(
    request: HttpRequest, form: AddressForm, *, row: Address | None = None, status: int = 200
) -> HttpResponse:
    title = _("Change address") if row else _("New address")
    return page(request, "address", title=title, form=form, heading=title, status=status)


@members_only
@require_POST
def address_default(request: HttpRequest, customer: Customer, *, pk: int) -> HttpResponse:  # noqa: ARG001
    try:
        book.make_default(customer=customer, pk=pk)
    except UnknownAddress as refusal:
        raise Http404 from refusal
    return redirect("accounts:addresses")


@members_only
@require_POST
def address_remove(request: HttpRequest, customer: Customer, *, pk: int) -> HttpResponse:  # noqa: ARG001
    try:
        book.remove(customer=customer, pk=pk)
    except UnknownAddress as refusal:
        raise Http404 from refusal
    return redirect("accounts:addresses")
