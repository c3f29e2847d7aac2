"""The questions that go with a piece, asked again when an answer does not fit."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from catalog.forms import ExtrasForm
from catalog.models import Market, Variant
from catalog.queries.page import Seo, page_context
from catalog.queries.quantities import Quantities
from orders.services.carts import Goods
from shop.lib import limits
from shop.lib.text import clean


def extras_form(request: HttpRequest, goods: Goods | None, market: Market) -> ExtrasForm:
    """The questions that go with a piece, and what was sent for them."""
    if request.FILES:
        limits.check(request, limits.PICTURES)
    extras = goods.extras if goods else []
    return ExtrasForm(request.POST, request.FILES, extras=extras, currency=market.currency)


def says_nothing(request: HttpRequest, goods: Goods | None) -> bool:
    """Whether nothing is added to a piece, and nothing has to be: then there is no form to judge."""
    if request.FILES or any(one.extra.is_required for one in (goods.extras if goods else ())):
        return False
    return not any(text for name, text in request.POST.items() if name.startswith("extra-"))


def problems_of(form: ExtrasForm) -> list[str]:
    return [str(text) for texts in form.errors.values() for text in texts]


def ask_again(request: HttpRequest, form: ExtrasForm, problems: list[str]) -> HttpResponse:
    variant = (
        Variant.objects.filter(sku__iexact=clean(request.POST.get("sku", ""))[:64])
        .select_related("product")
        .first()
    )
    if variant is None:
        raise Http404
    title = variant.product.title
    context = {
        **page_context(request, seo=Seo(title=_("Error: %s") % title, noindex=True)),
        "piece": {
            "title": title,
            "label": variant.label,
            "sku": variant.sku,
            "url": f"{variant.product.get_absolute_url()}?v={variant.sku}",
        },
        "extras": form,
        "quantity": request.POST.get("quantity", "1")[:6],
        "quantities": Quantities.of(variant),
        "problems": [
            text for text in problems if text not in {str(one) for f in form for one in f.errors}
        ],
    }
    return render(request, "orders/extras.html", context, status=422)
