"""Where a page tells that a customer looks at it; and the mark by which it knows that it may."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Customer, Purpose
from accounts.services import consents, customers, visits
from shop.lib import limits
from shop.lib.guard import same_origin_only
from shop.lib.text import clean

# Says "somebody agreed to it here", and nothing else. Each visit is asked about again.
MARK = "visits"


@same_origin_only
@never_cache
@require_POST
def visit(request: HttpRequest) -> HttpResponse:
    """204 whoever asks; without consent the mark goes, so that the page stops telling."""
    limits.check(request, limits.SEEN)
    response = HttpResponse(status=204)
    customer = customers.of_user(request.user)
    path, title = clean(request.POST.get("path", "")), clean(request.POST.get("title", ""))
    if customer is None or not visits.seen(
        customer=customer, path=path, title=title, now=timezone.now()
    ):
        response.delete_cookie(MARK, samesite="Lax")
    return response


def mark(response: HttpResponse, customer: Customer) -> HttpResponse:
    """Let this browser's pages tell visits, or stop them, as the customer has said."""
    if consents.allows(customer=customer, purpose=Purpose.VISITS):
        age = settings.SESSION_COOKIE_AGE
        response.set_cookie(MARK, "1", max_age=age, secure=settings.HTTPS, samesite="Lax")
    else:
        response.delete_cookie(MARK, samesite="Lax")
    return response
