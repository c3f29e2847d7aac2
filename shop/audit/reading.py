"""Looking at many people at once is on record."""

from django.http import HttpRequest
from django.utils import timezone

from shop.audit.models import Entry
from shop.audit.services import noted

# So many at once are somebody's work on one case; more is a list of people.
FEW = 20


def seen(request: HttpRequest, *, act: str, count: int) -> Entry | None:
    """Write down that personal data of `count` people or orders was shown on one page."""
    if count <= FEW:
        return None
    return noted(request, kind=Entry.Kind.READ, act=act, count=count, now=timezone.now())
