"""Pages customers look at: kept with their account while they agree to it, and not otherwise."""

import datetime as dt

from django.db import transaction

from accounts.models import Customer, Purpose, Visit
from accounts.services import consents
from shop.lib.locks import locked

# The same page again within this time is one visit.
PAUSE = dt.timedelta(minutes=10)
LONGEST_PATH = 300
LONGEST_TITLE = 200


@transaction.atomic
def seen(*, customer: Customer, path: str, title: str, now: dt.datetime) -> bool:
    """Write a visit down. False when the customer does not agree to that (any more).

    What follows the question mark is cut off: searches and keys are nobody's business.
    """
    # Held, so that a "no" given meanwhile deletes this row as well or comes before it.
    locked(Customer.objects.filter(pk=customer.pk))
    if not consents.allows(customer=customer, purpose=Purpose.VISITS):
        return False
    path = path.partition("?")[0].partition("#")[0][:LONGEST_PATH]
    if path.startswith("/") and not path.startswith("//"):
        lately = Visit.objects.filter(customer=customer, path=path, at__gt=now - PAUSE)
        if not lately.exists():
            Visit.objects.create(customer=customer, path=path, title=title[:LONGEST_TITLE], at=now)
    return True
