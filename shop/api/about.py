"""The page about the API, for whoever writes against it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from catalog.queries.markets import main_market
from catalog.queries.page import Seo, public_context
from channels.services.keys import SCOPES
from shop.api import handbook
from shop.api.problems import KINDS
from shop.lib.http import only_reads
from shop.lib.page_cache import public_page


@only_reads
@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What can be asked, what is answered, and what a key may do."""
    described = handbook.description()
    context = {
        "title": described["info"]["title"],
        "text": described["info"]["description"],
        "scopes": SCOPES.items(),
        "problems": [(kind, status, text) for kind, (status, text) in KINDS.items()],
        "operations": list(handbook.operations(described)),
        "shapes": list(handbook.shapes(described)),
    }
    seo, market = Seo(title=_("API"), noindex=True), main_market()
    if market is None:
        context |= {"shop": settings.SHOP, "seo": seo}
    else:
        request.market = market  # type: ignore[attr-defined]
        context |= public_context(request, seo=seo)
    return render(request, "api/about.html", context)
