"""Two records of one customer become one: what hangs on the one moves to the other."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field

from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import (
    Address,
    Consent,
    Customer,
    CustomerNote,
    PolicyAcceptance,
    PrivacyRequest,
    User,
    Visit,
)
from accounts.services import news, notes
from catalog.models import Review
from marketing.models import Coupon
from orders.models import Cart, Order
from payments.models import ProviderCustomer, SavedCard, ValueAccount
from shop.lib.errors import Refused

# Whatever points at a customer. Carts come first: an order that is being placed holds its cart,
# so it is either written before its cart moves, or placed by who is left.
MOVED: tuple[type[models.Model], ...] = (
    Cart,
    Order,
    ValueAccount,
    Coupon,
    Review,
    Address,
    CustomerNote,
    Visit,
    Consent,
    PolicyAcceptance,
    PrivacyRequest,
    SavedCard,
    ProviderCustomer,
)
# What is taken over where the record that stays says nothing.
FILLED = ("name", "company", "vat_number", "language")


class CannotMerge(Refused):
    """Raised when two records can't become one, with the reason in words."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The record that is left, and how many rows of each model have moved to it."""

    customer: Customer
    moved: Counter[str] = field(default_factory=Counter)


def problem(keep: Customer, gone: Customer) -> str:
    """Why these two can't become one, in words; "" when they can."""
    if keep.pk == gone.pk:
        return _("This is one record, not two.")
    if keep.erased_at or gone.erased_at:
        return _("A forgotten customer stays forgotten.")
    if keep.user_id and gone.user_id:
        return _("Both have a login. Whose it is by now is not for us to say: take one away first.")
    held = set(ProviderCustomer.objects.filter(customer=keep).values_list("provider", flat=True))
    clash = ProviderCustomer.objects.filter(customer=gone, provider__in=held)
    if clash.exists() and SavedCard.objects.filter(customer=gone).exists():
        return _("Both have payment cards with one provider. Those of one must be removed first.")
    return ""


@transaction.atomic(durable=True)
def merge(*, keep_id: int, gone_id: int, actor: User | None, now: dt.datetime) -> Merged:
    """Move everything from one record to the other and delete it. There is no way back.

    Raises CannotMerge.
    """
    # No stronger than this: orders that are being placed may go on pointing at either.
    rows = Customer.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[keep_id, gone_id])}
    keep, gone = found.get(keep_id), found.get(gone_id)
    if keep is None or gone is None:
        raise CannotMerge(_("One of the two is gone already."))
    if why := problem(keep, gone):
        raise CannotMerge(why)
    _make_room(keep, gone)
    moved = Counter[str]()
    for model in MOVED:
        name = model._meta.label  # noqa: SLF001 - the documented way to a model's name
        if count := model._default_manager.filter(customer=gone).update(customer=keep):  # noqa: SLF001
            moved[name] = count
    _take_over(keep, gone)
    told = {"email": gone.email, "rows": sum(moved.values())}
    text = _("Merged with %(email)s: %(rows)s rows moved.") % told
    notes.add(customer=keep, text=text, author=actor, now=now)
    news.of_customers(topic=news.CHANGED, customer_ids=[keep.pk], now=now)
    return Merged(keep, moved)


def _make_room(keep: Customer, gone: Customer) -> None:
    """What may be there once only: that of the record that stays counts."""
    if Address.objects.filter(customer=keep, is_default=True).exists():
        Address.objects.filter(customer=gone, is_default=True).update(is_default=False)
    accepted = PolicyAcceptance.objects.filter(customer=keep).values("policy")
    PolicyAcceptance.objects.filter(customer=gone, policy__in=accepted).delete()
    held = ProviderCustomer.objects.filter(customer=keep).values("provider")
    ProviderCustomer.objects.filter(customer=gone, provider__in=held).delete()


def _take_over(keep: Customer, gone: Customer) -> None:
    """Fill what is empty, add groups and tags, and delete the other record."""
    for name in FILLED:
        if not getattr(keep, name):
            setattr(keep, name, getattr(gone, name))
    keep.tags = sorted({*keep.tags, *gone.tags})[: notes.MOST_TAGS]
    keep.created_at = min(keep.created_at, gone.created_at)
    keep.groups.add(*gone.groups.all())
    user, gone.user = gone.user, None
    gone.save(update_fields=["user"])
    gone.delete()
    keep.user = keep.user or user
    keep.save()
