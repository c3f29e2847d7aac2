"""What staff write down about customers, and the words they pin to them."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Customer, CustomerNote, User
from accounts.services import news
from shop.lib.errors import Refused
from shop.lib.locks import locked

LONGEST_TAG = 40
MOST_TAGS = 20


class BadTag(Refused):
    """Raised for a tag that is too long, or one too many."""


def add(*, customer: Customer, text: str, author: User | None, now: dt.datetime) -> CustomerNote:
    return CustomerNote.objects.create(customer=customer, text=text, author=author, at=now)


def read_tags(text: str) -> list[str]:
    """The tags in a line of text, with commas between. Raises BadTag."""
    found = {" ".join(word.split()).lower() for word in text.split(",")} - {""}
    if any(len(tag) > LONGEST_TAG for tag in found):
        raise BadTag(_("A tag has at most %(count)s letters.") % {"count": LONGEST_TAG})
    if len(found) > MOST_TAGS:
        raise BadTag(_("A customer has at most %(count)s tags.") % {"count": MOST_TAGS})
    return sorted(found)


@transaction.atomic
def set_tags(*, customer: Customer, text: str, now: dt.datetime) -> Customer:
    """Pin just these tags to a customer. Raises BadTag."""
    tags = read_tags(text)
    row = locked(Customer.objects.filter(pk=customer.pk))[0]
    row.tags = tags
    row.save(update_fields=["tags"])
    news.of_customers(topic=news.CHANGED, customer_ids=[row.pk], now=now)
    return row
