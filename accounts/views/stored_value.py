"""What the shop owes an account: gift cards and credit, with every change of their balances."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Customer
from accounts.views.frame import members_only, page
from payments.models import ValueAccount, ValueEntry
from shop.lib.workdays import shop_day

MOST_ENTRIES = 50


@members_only
@require_safe
def stored_value(request: HttpRequest, customer: Customer) -> HttpResponse:
    newest = Prefetch("entries", queryset=ValueEntry.objects.order_by("-at", "-pk"))
    rows = ValueAccount.objects.filter(customer=customer).prefetch_related(newest)
    today = shop_day(timezone.now())
    accounts = [
        {
            "name": f"{row.get_kind_display()} …{row.last4}"
            if row.last4
            else row.get_kind_display(),
            "balance": row.balance,
            "currency": row.currency,
            "expires_on": row.expires_on,
            "is_usable": row.is_active and (row.expires_on is None or row.expires_on >= today),
            "entries": list(row.entries.all())[:MOST_ENTRIES],
        }
        for row in rows.order_by("-is_active", "kind", "pk")
    ]
    title = _("Gift cards and credit")
    return page(request, "stored_value", title=title, heading=title, accounts=accounts)
